//! What a scripted body does at one poll, and the error that it gives.

use std::error::Error;
use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

/// What a [`ScriptedBody`](crate::ScriptedBody) does at one poll.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Step<E = ScriptedError> {
    /// Gives a frame of data.
    Data(Bytes),
    /// Gives a frame of trailers.
    Trailers(HeaderMap),
    /// Gives an error. What stands behind it in the script is given to those who poll on.
    Error(E),
    /// Is pending once, and wakes its task at once.
    Pending,
    /// Is pending at this and every later poll, and wakes nobody.
    Stall,
    /// Panics, by [`resume_unwind`](std::panic::resume_unwind): no panic hook runs, and nothing is printed.
    Panic,
    /// Gives `None`. Further steps, if any, are given to those who poll on.
    End,
}

/// The error that a script gives when its kind does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScriptedError;

impl fmt::Display for ScriptedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error of the script")
    }
}

impl Error for ScriptedError {}
