//! Instructions of one repetition, counted by callgrind: the figure that a busy machine does not disturb.

use std::process::Command;

use crate::{Result, args::Effort, case::Case, rounds::command};

/// Repetitions: of a hundred traces one is sampled, so that there have to be some hundreds.
const TIMES: usize = 1_000;

/// Whether there is a valgrind.
pub(crate) fn can_be_counted() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Instructions of one repetition of a case.
///
/// # Errors
///
/// It failed, or callgrind saw no repetition.
pub(crate) fn of(case: &Case) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        // Nothing that happens before, after or beside the repetitions.
        .args(["--collect-atstart=no", "--toggle-collect=benchmarks::measure::repeatedly*"])
        .arg(std::env::current_exe()?);
    let output = command(valgrind, case, Effort::Times(TIMES)).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{} under callgrind: {said}", case.name).into());
    }
    let collected = collected(&said).filter(|collected| *collected > 0.0);
    let collected = collected.ok_or_else(|| format!("{}: callgrind saw no repetition", case.name))?;
    Ok(collected / TIMES as f64)
}

/// The number behind `Collected :`, in the last words of callgrind.
fn collected(said: &str) -> Option<f64> {
    let (_, number) = said.lines().find_map(|line| line.split_once("Collected :"))?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_the_last_words() {
        let said = "==1== Events    : Ir\n==1== Collected : 7617000\n==1== \n";
        assert_eq!(collected(said), Some(7_617_000.0));
        assert_eq!(collected("==1== no client"), None);
    }
}
