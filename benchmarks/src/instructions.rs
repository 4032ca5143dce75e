//! Instructions, counted by valgrind: the same on a busy machine as on a quiet one.

use std::process::Command;

use crate::{Result, args::Effort, case::Case};

/// Whether there is a valgrind to ask.
pub(crate) fn can_be_counted() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// What one repetition takes: the difference of two runs, so that what is done once drops out.
///
/// # Errors
///
/// A run failed, or valgrind does not say what it counted.
pub(crate) fn of(case: &Case, thorough: usize) -> Result<f64> {
    let (one, two) = (in_a_run(case, 1)?, in_a_run(case, 2)?);
    Ok((two - one) / Effort::counted(thorough) as f64)
}

fn in_a_run(case: &Case, times: usize) -> Result<f64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(std::env::current_exe()?);
    command.args(["--counted", &times.to_string(), "--case", &case.name]);
    let output = command.envs(crate::rounds::ENVIRONMENT).output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    match collected(&told) {
        Some(instructions) if output.status.success() => Ok(instructions),
        _ => Err(format!("{}: {told}", case.name).into()),
    }
}

/// `==17== Collected : 1234`
fn collected(told: &str) -> Option<f64> {
    let line = told.lines().find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_valgrind_collected_is_read() {
        assert_eq!(collected("==17== Events    : Ir\n==17== Collected : 1234\n==17==\n"), Some(1234.0));
        assert_eq!(collected("==17== Collected : many\n"), None);
        assert_eq!(collected(""), None);
    }
}
