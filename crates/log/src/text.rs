//! The inside of a JSON string: what is escaped, and where it is cut.

use std::fmt;

use crate::json::Fit;
use crate::suspects;

/// The most bytes a string value takes on the line, escapes included, quotes not.
pub(crate) const VALUE_LIMIT: usize = 8 * 1024;

/// Escapes what it is given and stops at the limit, never within a character.
pub(crate) struct Text<'a> {
    out: &'a mut Vec<u8>,
    end: usize,
    fit: Fit,
}

/// Whether this text stands in a JSON string as it is.
#[inline]
pub(crate) fn is_plain(text: &str) -> bool {
    text.len() <= VALUE_LIMIT && suspects::none(text.as_bytes())
}

impl<'a> Text<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        let end = out.len() + VALUE_LIMIT;
        Self { out, end, fit: Fit::Whole }
    }

    /// Whether all that was given was taken.
    pub(crate) fn fit(&self) -> Fit {
        self.fit
    }

    #[inline]
    fn plain(&mut self, text: &str) -> fmt::Result {
        // After a cut nothing more is taken, or a shorter piece would close the gap and hide it.
        if self.fit == Fit::Cut {
            return Err(fmt::Error);
        }
        let room = self.end.saturating_sub(self.out.len());
        if text.len() <= room {
            self.out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        self.cut(text, room)
    }

    #[cold]
    fn cut(&mut self, text: &str, room: usize) -> fmt::Result {
        let whole = (0..=room).rev().find_map(|at| text.get(..at)).unwrap_or_default();
        self.out.extend_from_slice(whole.as_bytes());
        self.fit = Fit::Cut;
        Err(fmt::Error)
    }

    fn escape(&mut self, escape: &[u8]) -> fmt::Result {
        if self.fit == Fit::Cut || self.out.len() + escape.len() > self.end {
            self.fit = Fit::Cut;
            return Err(fmt::Error);
        }
        self.out.extend_from_slice(escape);
        Ok(())
    }

    fn suspect(&mut self, c: char) -> fmt::Result {
        match c {
            '"' => self.escape(b"\\\""),
            '\\' => self.escape(b"\\\\"),
            '\n' => self.escape(b"\\n"),
            '\r' => self.escape(b"\\r"),
            '\t' => self.escape(b"\\t"),
            c if is_unseen(c) => {
                let digit = |shift: u32| hex_digit(u32::from(c) >> shift);
                self.escape(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)])
            }
            c => self.plain(c.encode_utf8(&mut [0; 4])),
        }
    }
}

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Nearly every piece.
        if suspects::none(text.as_bytes()) {
            return self.plain(text);
        }
        let mut rest = text;
        while let Some((clean, tail)) =
            suspects::first(rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
        {
            self.plain(clean)?;
            let mut chars = tail.chars();
            if let Some(c) = chars.next() {
                self.suspect(c)?;
            }
            rest = chars.as_str();
        }
        self.plain(rest)
    }
}

/// Characters that a terminal or a viewer obeys instead of showing: the C0 and C1 controls and DEL (ANSI
/// escape sequences begin with one of them), the two line separators of Unicode, and the bidirectional
/// marks, overrides and isolates, which reorder the text around them. All stand in the basic plane, so four hex
/// digits name them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn hex_digit(value: u32) -> u8 {
    match (value & 0xf) as u8 {
        digit @ 0..=9 => b'0' + digit,
        letter => b'a' + letter - 10,
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use super::*;
    use crate::json::string;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> Fit) -> (String, Fit) {
        let mut out = Vec::new();
        let fit = write(&mut out);
        (String::from_utf8(out).unwrap(), fit)
    }

    fn read(json: &str) -> String {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_character_of_the_basic_plane_reads_back() {
        for c in (0..=0xffff_u32).filter_map(char::from_u32) {
            // At every offset within a group of lanes, since the scan treats the first and the last apart.
            for pad in [0, 1, 15, 16] {
                let text = format!("{}{c}{}", "x".repeat(pad), "y".repeat(17));
                let (json, fit) = written(|out| string(out, &text));
                assert_eq!((read(&json), fit), (text, Fit::Whole));
                assert_eq!(json.chars().filter(|c| is_unseen(*c)).count(), 0, "{:x}", u32::from(c));
            }
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let (json, _) =
            written(|out| string(out, "\u{1b}[31m \u{9b}31m \u{7f} \u{2028} \u{202e} \u{0} é € \n"));
        assert_eq!(json, r#""\u001b[31m \u009b31m \u007f \u2028 \u202e \u0000 é € \n""#);
    }

    #[test]
    fn a_long_string_is_cut_between_characters() {
        for (unit, bytes) in [("a", 1), ("é", 2), ("€", 3), ("😀", 4), ("\n", 2), ("\u{1}", 6)] {
            let (json, fit) = written(|out| string(out, &unit.repeat(VALUE_LIMIT + 1)));
            assert_eq!(fit, Fit::Cut);
            let (whole, extra) = (VALUE_LIMIT / bytes, 2);
            assert_eq!(json.len(), whole * bytes + extra, "{unit:?}");
            assert_eq!(read(&json), unit.repeat(whole));
        }
    }

    #[test]
    fn a_string_of_just_the_limit_is_whole() {
        let text = "a".repeat(VALUE_LIMIT);
        let (json, fit) = written(|out| string(out, &text));
        assert_eq!((read(&json), fit), (text, Fit::Whole));
    }
}
