//! Why a member cannot be put into baggage.

use std::error::Error;
use std::fmt;

/// Why a member cannot be put into baggage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BaggageError {
    /// A key, of the member or of a property, is no token of HTTP: letters, digits and ``!#$%&'*+-.^_`|~``.
    Key,
    /// There would be more than 64 members.
    TooManyMembers,
    /// The whole would be longer than 8192 bytes.
    TooLong,
}

impl fmt::Display for BaggageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "a key of baggage is no token",
            Self::TooManyMembers => "baggage has 64 members already",
            Self::TooLong => "baggage would be longer than 8192 bytes",
        })
    }
}

impl Error for BaggageError {}
