//! Why a `traceparent` is not valid.

use std::error::Error;
use std::fmt;

/// Why a `traceparent` header is not valid.
///
/// The receiver behaves as if there had been no header: it starts a new trace and ignores `tracestate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraceparentError {
    /// The header came more than once.
    Duplicate,
    /// Shorter than 55 characters, or version `00` and longer.
    Length,
    /// The version is `ff`, which the standard forbids.
    Version,
    /// A field is not separated from the next by `-`.
    Delimiter,
    /// A field holds something else than `0-9a-f`.
    Character,
    /// The trace id is all zero.
    ZeroTraceId,
    /// The parent id is all zero.
    ZeroSpanId,
}

impl fmt::Display for TraceparentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Duplicate => "more than one traceparent header",
            Self::Length => "traceparent is not 55 characters long",
            Self::Version => "traceparent has the forbidden version ff",
            Self::Delimiter => "traceparent lacks a dash between two fields",
            Self::Character => "traceparent holds a character other than 0-9 and a-f",
            Self::ZeroTraceId => "the trace id of traceparent is zero",
            Self::ZeroSpanId => "the parent id of traceparent is zero",
        })
    }
}

impl Error for TraceparentError {}
