//! A header that cannot be captured.

use std::error::Error;
use std::fmt;

/// A header that cannot be captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptureError {
    /// This is no name of a header.
    Name(&'static str),
    /// This header carries credentials, which have no place on a span.
    Credentials(&'static str),
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name:?} is no name of a header"),
            Self::Credentials(name) => {
                write!(f, "{name:?} carries credentials and is never captured: take it off the list")
            }
        }
    }
}

impl Error for CaptureError {}
