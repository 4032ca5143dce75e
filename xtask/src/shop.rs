//! The shop, run as a newcomer runs it, with an end.

use crate::{Result, process, summary};

/// The ports are the system's choice: CI shares its machine.
const ARGS: &[&str] = &[
    "run",
    "--release",
    "--package",
    "shop",
    "--",
    "--plain",
    "--for",
    "10s",
    "--gateway",
    "127.0.0.1:0",
    "--inventory",
    "127.0.0.1:0",
    "--admin",
    "127.0.0.1:0",
];

/// Runs the shop and checks its summary.
///
/// # Errors
///
/// It failed, or its books do not balance.
pub(crate) fn run() -> Result {
    summary::check(&process::last_line(&mut process::cargo(ARGS))?)
}
