//! End-to-end suites that need programs from outside: they do not belong to `cargo test`.

use crate::Result;

/// Runs a suite by name.
///
/// # Errors
///
/// There is none of that name.
pub(crate) fn run(suite: &str) -> Result {
    Err(format!("no end-to-end suite is named {suite}; known suites: none").into())
}
