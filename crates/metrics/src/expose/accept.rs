//! The header `Accept`, taken apart.

use std::borrow::Cow;

/// The weight of a range without one, in thousandths.
const WHOLE: u16 = 1000;

/// One media range with its weight (RFC 9110, section 12.5.1).
#[derive(Debug)]
pub(crate) struct MediaRange<'a> {
    pub(crate) kind: &'a str,
    pub(crate) subtype: &'a str,
    /// In thousandths; zero means no.
    pub(crate) weight: u16,
    parameters: &'a str,
}

impl<'a> MediaRange<'a> {
    /// The value of the parameter that comes first under this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        parameters(self.parameters).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
    }

    fn parse(text: &'a str) -> Option<Self> {
        let (range, parameters_text) = match find_unquoted(text, ';') {
            Some(at) => (text.get(..at)?, text.get(at + 1..)?),
            None => (text, ""),
        };
        let (kind, subtype) = range.trim_matches(BLANK).split_once('/')?;
        let weight = parameters(parameters_text).find(|(key, _)| key.eq_ignore_ascii_case("q"));
        let weight = weight.map_or(Some(WHOLE), |(_, value)| thousandths(&value))?;
        Some(Self { kind, subtype, weight, parameters: parameters_text })
    }
}

/// The ranges of a header, in its order. What is none is passed over.
pub(crate) fn ranges(accept: &str) -> impl Iterator<Item = MediaRange<'_>> {
    split_unquoted(accept, ',').filter_map(MediaRange::parse)
}

const BLANK: [char; 2] = [' ', '\t'];

fn parameters(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    split_unquoted(text, ';').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        Some((name.trim_matches(BLANK), unquoted(value.trim_matches(BLANK))?))
    })
}

/// `1`, `0.5`, `0.125`: at most three decimals, and not above one.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let decimals = format!("{decimals:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(WHOLE),
        _ => None,
    }
}

/// The content of a quoted string, or the text if it is none.
fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let Some(content) = text.strip_prefix('"') else { return Some(Cow::Borrowed(text)) };
    let content = content.strip_suffix('"')?;
    if !content.contains('\\') {
        return Some(Cow::Borrowed(content));
    }
    let mut plain = String::with_capacity(content.len());
    let mut chars = content.chars();
    while let Some(char) = chars.next() {
        plain.push(if char == '\\' { chars.next()? } else { char });
    }
    Some(Cow::Owned(plain))
}

fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match find_unquoted(text, separator) {
            Some(at) => {
                rest = text.get(at + separator.len_utf8()..);
                text.get(..at)
            }
            None => rest.take(),
        }
    })
}

/// Where the separator first stands outside of quotes.
fn find_unquoted(text: &str, separator: char) -> Option<usize> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, char)| {
        let found = char == separator && !is_quoted;
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        found.then_some(at)
    })
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_list_of_weighted_ranges() {
        let header = "text/plain ; version=1.0.0;q=0.5 , , garbage, */*;Q=0, a/b;x=\"c,\\\"d;\";q=1.000";
        let told: Vec<_> = ranges(header).map(|range| (range.kind, range.subtype, range.weight)).collect();
        assert_eq!(told, [("text", "plain", 500), ("*", "*", 0), ("a", "b", 1000)]);
        let last = ranges(header).last().unwrap();
        assert_eq!(last.parameter("X").as_deref(), Some("c,\"d;"));
        assert_eq!(last.parameter("y"), None);
        assert!(ranges(header).next().unwrap().is("TEXT", "Plain"));
    }

    #[test]
    fn a_weight_has_at_most_three_decimals() {
        for (weight, expected) in [
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("0", Some(0)),
            ("0.", Some(0)),
            ("0.5", Some(500)),
            ("0.001", Some(1)),
            ("0.0001", None),
            ("1.1", None),
            ("2", None),
            ("-0", None),
            (".5", None),
            ("0.+5", None),
            ("", None),
        ] {
            assert_eq!(thousandths(weight), expected, "{weight}");
        }
    }

    #[test]
    fn a_range_whose_weight_cannot_be_read_is_passed_over() {
        assert_eq!(ranges("text/plain;q=high, a/b").count(), 1);
    }
}
