//! Why an attempt failed, and whether another makes sense.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// An attempt that brought nothing to the collector, as far as can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) advice: Advice,
    reason: String,
}

/// What OTLP says about trying again (<https://opentelemetry.io/docs/specs/otlp/>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// The collector may take it later.
    Retry,
    /// It has said when.
    RetryAfter(Duration),
    /// It will never take this.
    GiveUp,
}

impl Failure {
    pub(crate) fn new(advice: Advice, reason: impl Into<String>) -> Self {
        Self { advice, reason: reason.into() }
    }

    /// No connection, or no answer in time.
    pub(crate) fn unreachable(reason: impl fmt::Display) -> Self {
        Self::new(Advice::Retry, reason.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// An error with all that caused it: the outermost says only that a request failed.
pub(crate) fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
