//! JSON values written straight into a byte buffer (RFC 8259), each bounded in length.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::panic::{self, AssertUnwindSafe};

use crate::text::{Text, is_plain};

/// Stands at the end of a value whose `Debug` or `Display` panicked.
const PANICKED: &[u8] = b"<panicked>";

/// An error chain longer than this is taken for a circle.
const CHAIN_LIMIT: usize = 64;

/// Whether everything that was offered found room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fit {
    #[default]
    Whole,
    Cut,
}

impl Fit {
    /// Whole only if both are.
    pub(crate) fn and(self, other: Self) -> Self {
        if self == Self::Whole { other } else { Self::Cut }
    }
}

/// The key of a field after the first, `,"key":`.
pub(crate) fn key(out: &mut Vec<u8>, key: &str) -> Fit {
    if !is_plain(key) {
        out.push(b',');
        let fit = string(out, key);
        out.push(b':');
        return fit;
    }
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
    Fit::Whole
}

/// A quoted string.
#[inline]
pub(crate) fn string(out: &mut Vec<u8>, text: &str) -> Fit {
    out.push(b'"');
    let fit = bare(out, text);
    out.push(b'"');
    fit
}

/// The inside of a string, escaped, without quotes.
#[inline]
pub(crate) fn bare(out: &mut Vec<u8>, text: &str) -> Fit {
    if is_plain(text) {
        out.extend_from_slice(text.as_bytes());
        return Fit::Whole;
    }
    escaped(out, text)
}

/// The same where something may need an escape.
#[cold]
fn escaped(out: &mut Vec<u8>, text: &str) -> Fit {
    let mut writer = Text::new(out);
    // The writer remembers that it was cut; the error only stops `fmt` early.
    let _ = writer.write_str(text);
    writer.fit()
}

/// What `{:?}` prints, as a quoted string.
#[inline]
pub(crate) fn debug(out: &mut Vec<u8>, value: &dyn fmt::Debug) -> Fit {
    formatted(out, |text| write!(text, "{value:?}"))
}

/// An error and its sources as one quoted string, joined by `": "`.
pub(crate) fn error(out: &mut Vec<u8>, error: &(dyn Error + 'static)) -> Fit {
    formatted(out, |text| {
        write!(text, "{error}")?;
        let sources = std::iter::successors(error.source(), |&source| source.source());
        for source in sources.take(CHAIN_LIMIT) {
            write!(text, ": {source}")?;
        }
        Ok(())
    })
}

/// A number of any integer type, in full: a reader that knows doubles only loses digits above 2^53.
pub(crate) fn integer(out: &mut Vec<u8>, value: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The shortest decimal that reads back as the same double; `null` for NaN and the infinities, which JSON
/// lacks.
pub(crate) fn float(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else {
        out.extend_from_slice(b"null");
    }
}

/// `true` or `false`.
pub(crate) fn boolean(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Runs a stranger's formatting code. A panic in it stays here: a log line must not fail the request that it
/// tells of.
#[inline]
fn formatted(out: &mut Vec<u8>, write: impl FnOnce(&mut Text<'_>) -> fmt::Result) -> Fit {
    out.push(b'"');
    let mut text = Text::new(out);
    let ended = panic::catch_unwind(AssertUnwindSafe(|| write(&mut text)));
    let fit = text.fit();
    if ended.is_err() {
        out.extend_from_slice(PANICKED);
    }
    out.push(b'"');
    fit
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use super::*;
    use crate::text::VALUE_LIMIT;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> Fit) -> (String, Fit) {
        let mut out = Vec::new();
        let fit = write(&mut out);
        (String::from_utf8(out).unwrap(), fit)
    }

    fn read(json: &str) -> String {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nothing_follows_a_cut_even_if_it_ignores_the_error() {
        struct Deaf;
        impl fmt::Debug for Deaf {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let _ = f.write_str(&"€".repeat(VALUE_LIMIT));
                let _ = f.write_str("a");
                let _ = f.write_str("\n");
                Ok(())
            }
        }
        let (json, fit) = written(|out| debug(out, &Deaf));
        assert_eq!((read(&json), fit), ("€".repeat(VALUE_LIMIT / 3), Fit::Cut));
    }

    #[test]
    fn an_endless_value_is_stopped() {
        struct Endless;
        impl fmt::Debug for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("again ")?;
                }
            }
        }
        assert_eq!(written(|out| debug(out, &Endless)).1, Fit::Cut);
    }

    #[test]
    fn a_panic_while_formatting_stays_within_the_value() {
        struct Faulty;
        impl fmt::Debug for Faulty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("half\n")?;
                panic!("faulty")
            }
        }
        assert_eq!(written(|out| debug(out, &Faulty)), (r#""half\n<panicked>""#.to_owned(), Fit::Whole));
    }

    #[test]
    fn an_error_is_told_with_its_sources() {
        #[derive(Debug)]
        struct Outer(Option<std::num::ParseIntError>);
        impl fmt::Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bad \"id\"")
            }
        }
        impl Error for Outer {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                self.0.as_ref().map(|source| source as _)
            }
        }
        let (json, _) = written(|out| error(out, &Outer("x".parse::<u8>().err())));
        assert_eq!(read(&json), "bad \"id\": invalid digit found in string");
        assert_eq!(read(&written(|out| error(out, &Outer(None))).0), "bad \"id\"");
    }

    #[test]
    fn a_circle_of_errors_ends() {
        #[derive(Debug)]
        struct Circle;
        impl fmt::Display for Circle {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Ok(())
            }
        }
        impl Error for Circle {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&Circle)
            }
        }
        assert_eq!(read(&written(|out| error(out, &Circle)).0), ": ".repeat(CHAIN_LIMIT));
    }

    #[test]
    fn a_float_that_json_lacks_is_null() {
        for (value, text) in [(f64::NAN, "null"), (f64::INFINITY, "null"), (-0.5, "-0.5"), (1.0, "1.0")] {
            let mut out = Vec::new();
            float(&mut out, value);
            assert_eq!(out, text.as_bytes());
        }
    }
}
