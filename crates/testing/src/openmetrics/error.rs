//! Why a page is not OpenMetrics.

use std::error::Error;
use std::fmt;

/// The first line that breaks a rule, and the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    line: usize,
    reason: &'static str,
}

/// What a part of the reader answers, which knows no line.
pub(crate) type Result<T = (), E = &'static str> = std::result::Result<T, E>;

impl ParseError {
    /// The line, from 1. For a rule that a family breaks as a whole, the line after it.
    pub fn line(&self) -> usize {
        self.line
    }

    pub(crate) fn new(line: usize, reason: &'static str) -> Self {
        Self { line, reason }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl Error for ParseError {}
