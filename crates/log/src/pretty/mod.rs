//! A line for people: the same fields as in JSON, shorter.
//!
//! Every text comes out of the JSON encoder, so what a client sent is escaped here as it is there.

mod access;
mod ink;

use tracing::{Level, Metadata};

use crate::access::ACCESS_TARGET;
use crate::context::Context;
use crate::format::{LineFormat, SourceLocation};
use crate::fragment::Fragment;
use crate::inherited::Inherited;
use crate::json::{self, Fit};
use crate::message::Message;
use crate::origin::Origin;
use crate::pretty::ink::Ink;
use crate::timestamp::TIME_OF_DAY;

/// Digits of an id that are shown: enough to find the other lines of a request on a screen.
const SHOWN: usize = 8;

/// How the parts of a line are painted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pretty(Ink);

impl Pretty {
    /// The painter of this format; JSON has none.
    pub(crate) const fn of(format: LineFormat) -> Option<Self> {
        match format {
            LineFormat::Json => None,
            LineFormat::Pretty => Some(Self(Ink::None)),
            LineFormat::Coloured => Some(Self(Ink::Ansi)),
        }
    }

    /// Writes time, level, target and message. `line` holds the time in full.
    pub(crate) fn begin(
        self,
        line: &mut Vec<u8>,
        metadata: &Metadata<'_>,
        origin: &Origin<'_>,
        event: &Fragment,
        message: &Message,
        location: SourceLocation,
    ) -> Fit {
        let Self(ink) = self;
        let time = line.get(TIME_OF_DAY).and_then(|time| <[u8; 12]>::try_from(time).ok()).unwrap_or_default();
        line.clear();
        ink.paint(line, ink::FAINT, |line| line.extend_from_slice(&time));
        line.push(b' ');
        let level = *metadata.level();
        ink.paint(line, level_colour(level), |line| line.extend_from_slice(padded(level)));
        line.push(b' ');
        if metadata.target() == ACCESS_TARGET {
            access::write(line, ink, event);
            return Fit::Whole;
        }
        let mut fit = Fit::Whole;
        ink.paint(line, ink::FAINT, |line| {
            match origin.target {
                Some((encoded, encoded_fit)) => {
                    line.extend_from_slice(bare(encoded));
                    fit = encoded_fit;
                }
                None => fit = json::bare(line, metadata.target()),
            }
            line.push(b':');
        });
        if let Some((message, message_fit)) = message.value() {
            line.push(b' ');
            text(line, message);
            fit = fit.and(message_fit);
        }
        if location == SourceLocation::Included {
            ink.paint(line, ink::FAINT, |line| fit = fit.and(place(line, metadata, origin)));
        }
        fit
    }

    /// Whether a line of this target tells this field in its own words.
    pub(crate) fn tells(self, target: &str, key: &str) -> bool {
        target == ACCESS_TARGET && access::tells(key)
    }

    /// Writes the fields and the ids.
    pub(crate) fn finish(
        self,
        line: &mut Vec<u8>,
        inherited: &Inherited,
        event: &Fragment,
        context: &Context,
        fit: Fit,
    ) {
        let Self(ink) = self;
        let mut pair = |key: &'static str, value: &[u8]| {
            line.push(b' ');
            ink.paint(line, ink::CYAN, |line| {
                let _ = json::bare(line, key);
                line.push(b'=');
            });
            line.extend_from_slice(short(value));
        };
        inherited.visit(&mut pair);
        event.visit(event.entries(), &mut pair);
        ink.paint(line, ink::FAINT, |line| {
            if let Some(ids) = context.ids() {
                let digits = ids.traceparent();
                id(line, " trace=", digits.get(3..3 + SHOWN));
                id(line, " span=", digits.get(36..36 + SHOWN));
            }
            if let Some(request_id) = context.request_id() {
                // The end of an id tells more than its beginning, where ids are ordered by time.
                let bytes = request_id.as_str().as_bytes();
                id(line, " request=", bytes.get(bytes.len().saturating_sub(SHOWN)..));
            }
        });
        if fit == Fit::Cut {
            line.extend_from_slice(b" (truncated)");
        }
        line.push(b'\n');
    }
}

fn level_colour(level: Level) -> &'static [u8] {
    match level {
        Level::ERROR => ink::RED,
        Level::WARN => ink::YELLOW,
        Level::INFO => ink::GREEN,
        Level::DEBUG => ink::BLUE,
        Level::TRACE => ink::FAINT,
    }
}

fn padded(level: Level) -> &'static [u8] {
    match level {
        Level::ERROR => b"ERROR",
        Level::WARN => b" WARN",
        Level::INFO => b" INFO",
        Level::DEBUG => b"DEBUG",
        Level::TRACE => b"TRACE",
    }
}

fn place(line: &mut Vec<u8>, metadata: &Metadata<'_>, origin: &Origin<'_>) -> Fit {
    line.extend_from_slice(b" at ");
    let fit = match (origin.file, metadata.file()) {
        (Some((file, fit)), _) => {
            line.extend_from_slice(bare(file));
            fit
        }
        (None, Some(file)) => json::bare(line, file),
        (None, None) => Fit::Whole,
    };
    line.push(b':');
    match (origin.line, metadata.line()) {
        (Some((number, _)), _) => line.extend_from_slice(number),
        (None, Some(number)) => json::integer(line, number),
        (None, None) => {}
    }
    fit
}

fn id(line: &mut Vec<u8>, name: &str, digits: Option<&[u8]>) {
    line.extend_from_slice(name.as_bytes());
    line.extend_from_slice(digits.unwrap_or_default());
}

/// A JSON string without its quotes; another value as it is.
fn bare(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}

/// A value without quotes where its ends are plain to see.
fn short(value: &[u8]) -> &[u8] {
    let inside = bare(value);
    let is_word = |byte: &u8| !matches!(byte, b' ' | b'=' | b'\\' | b'"');
    if !inside.is_empty() && inside.iter().all(is_word) { inside } else { value }
}

/// A message: quotes and backslashes as they were written, all other escapes as they stand.
fn text(line: &mut Vec<u8>, value: &[u8]) {
    let mut rest = bare(value);
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let (plain, escape) = rest.split_at(at);
        line.extend_from_slice(plain);
        let (shown, taken) = match escape {
            [b'\\', mark @ (b'"' | b'\\'), ..] => (std::slice::from_ref(mark), 2),
            _ => (b"\\".as_slice(), 1),
        };
        line.extend_from_slice(shown);
        rest = escape.get(taken..).unwrap_or_default();
    }
    line.extend_from_slice(rest);
}
