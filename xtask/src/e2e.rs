//! End-to-end suites that need programs from outside: they do not belong to `cargo test`.

mod openmetrics;
mod piped;

use crate::Result;

const SUITES: &[Suite] = &[Suite { name: "openmetrics", run: openmetrics::run }];

struct Suite {
    name: &'static str,
    run: fn() -> Result,
}

/// Runs a suite by name.
///
/// # Errors
///
/// There is none of that name, a program is missing, or something is wrong.
pub(crate) fn run(suite: &str) -> Result {
    match SUITES.iter().find(|known| known.name == suite) {
        Some(suite) => (suite.run)(),
        None => {
            let known: Vec<&str> = SUITES.iter().map(|known| known.name).collect();
            Err(format!("no end-to-end suite is named {suite}; known suites: {}", known.join(", ")).into())
        }
    }
}
