//! Why a `tracestate` is not valid.

use std::error::Error;
use std::fmt;

/// Why a `tracestate` is not valid.
///
/// The receiver drops the whole header, and keeps `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraceStateError {
    /// A member has no `=`.
    Member,
    /// A key is empty, too long, or holds an illegal character.
    Key,
    /// A value is empty, too long, or holds an illegal character.
    Value,
    /// There are more than 32 members.
    TooManyMembers,
}

impl fmt::Display for TraceStateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Member => "a tracestate member has no equals sign",
            Self::Key => "a tracestate key is not legal",
            Self::Value => "a tracestate value is not legal",
            Self::TooManyMembers => "tracestate has more than 32 members",
        })
    }
}

impl Error for TraceStateError {}
