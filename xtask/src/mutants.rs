//! Do the tests of the core notice when it is wrong?

use crate::{Result, process};

/// Where an ending is told and judged: a mutant that lives there is a request told wrongly.
const ARGS: &[&str] = &[
    "mutants",
    "--package",
    "tower-telemetry-core",
    "--file",
    "crates/core/src/observe/*.rs",
    "--file",
    "crates/core/src/outcome/*.rs",
];

/// Breaks the core in many small ways and runs its tests on each. It takes an hour or so.
///
/// # Errors
///
/// cargo-mutants is not installed, or a mutant lived.
pub(crate) fn run() -> Result {
    process::run(&mut process::cargo(ARGS))
}
