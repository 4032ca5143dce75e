//! The last line of the shop, as an account: what began has ended, and nothing disagrees.
//!
//! ```text
//! summary started=5120 ended=5120 in_flight=0 disagreements=0 ok=4000 .. complete=4300 .. upgraded=20
//! ```

use std::{collections::BTreeMap, io::BufRead};

use crate::Result;

/// Below this the traffic has hardly run.
const LEAST: u64 = 2_000;
pub(crate) const VERDICTS: [&str; 4] = ["ok", "caller_fault", "service_fault", "cancelled"];
pub(crate) const ENDINGS: [&str; 5] = ["complete", "failed", "dropped", "panicked", "upgraded"];

/// Checks the summary that stands in the last line of what is read.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn run(input: impl BufRead) -> Result {
    let mut last = String::new();
    for line in input.lines() {
        last = line?;
    }
    check(&last)
}

/// Checks a summary.
///
/// # Errors
///
/// It is no summary, or its books do not balance; every line that is wrong is named.
pub(crate) fn check(line: &str) -> Result {
    let counts = counts(line).ok_or_else(|| format!("the last line is no summary: {line:?}"))?;
    let wrong = wrong(&counts);
    if wrong.is_empty() {
        println!("the summary balances: {line}");
        return Ok(());
    }
    Err(format!("the summary does not balance:\n  {}\n  {line}", wrong.join("\n  ")).into())
}

/// The counts of a summary by their names; none where the line is none.
pub(crate) fn counts(line: &str) -> Option<BTreeMap<&str, u64>> {
    line.strip_prefix("summary ")?
        .split_whitespace()
        .map(|pair| {
            let (name, count) = pair.split_once('=')?;
            Some((name, count.parse().ok()?))
        })
        .collect()
}

/// Whatever does not balance, and what has to happen in a run of the whole shop and did not.
fn wrong(counts: &BTreeMap<&str, u64>) -> Vec<String> {
    let mut wrong = unbalanced(counts);
    let count = |name: &str| counts.get(name).copied();
    if let Some(started) = count("started").filter(|started| *started < LEAST) {
        wrong.push(format!("{started} started, at least {LEAST} are expected"));
    }
    let never = VERDICTS.iter().chain(&ENDINGS).filter(|name| count(name) == Some(0));
    wrong.extend(never.map(|name| format!("{name} never happened")));
    wrong
}

/// Whatever does not balance.
pub(crate) fn unbalanced(counts: &BTreeMap<&str, u64>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut count = |name: &'static str| {
        counts.get(name).copied().unwrap_or_else(|| {
            wrong.push(format!("{name} is missing"));
            0
        })
    };
    let [started, ended] = ["started", "ended"].map(&mut count);
    let zeros = ["in_flight", "disagreements"].map(|name| (name, count(name)));
    let kinds = [("verdicts", &VERDICTS[..]), ("endings", &ENDINGS[..])]
        .map(|(kind, names)| (kind, names.iter().map(|name| (*name, count(name))).collect::<Vec<_>>()));

    if started != ended {
        wrong.push(format!("{started} started, {ended} ended"));
    }
    wrong.extend(zeros.iter().filter(|(_, n)| *n != 0).map(|(name, n)| format!("{name} is {n}, not 0")));
    for (kind, counts) in kinds {
        let sum: u64 = counts.iter().map(|(_, n)| n).sum();
        if sum != ended {
            wrong.push(format!("the {kind} come to {sum}, {ended} ended"));
        }
    }
    wrong
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const GOOD: &str = "summary started=2000 ended=2000 in_flight=0 disagreements=0 ok=1700 caller_fault=200 \
        service_fault=60 cancelled=40 complete=1900 failed=20 dropped=50 panicked=10 upgraded=20";

    #[track_caller]
    fn refused(line: &str, because: &str) {
        let error = check(line).unwrap_err().to_string();
        assert!(error.contains(because), "{error}");
    }

    #[test]
    fn a_balanced_summary_passes() {
        check(GOOD).unwrap();
    }

    #[test]
    fn only_the_last_line_counts() {
        assert!(run(format!("a line\n{GOOD}\n").as_bytes()).is_ok());
        assert!(run(format!("{GOOD}\na line\n").as_bytes()).is_err());
    }

    #[test]
    fn a_line_of_another_kind_is_no_summary() {
        refused("", "no summary");
        refused("summary started=many", "no summary");
        refused("started=2000", "no summary");
    }

    #[test]
    fn what_began_has_to_end() {
        refused(&GOOD.replace("started=2000", "started=2001"), "2001 started, 2000 ended");
        refused(&GOOD.replace("in_flight=0", "in_flight=1"), "in_flight is 1");
    }

    #[test]
    fn the_windows_have_to_agree() {
        refused(&GOOD.replace("disagreements=0", "disagreements=3"), "disagreements is 3");
    }

    #[test]
    fn a_run_without_traffic_does_not_pass() {
        refused(&GOOD.replace("2000", "1999"), "at least 2000");
    }

    #[test]
    fn every_outcome_has_to_happen() {
        for name in VERDICTS.into_iter().chain(ENDINGS) {
            let pair = GOOD.split_whitespace().find(|pair| pair.starts_with(&format!("{name}="))).unwrap();
            refused(&GOOD.replace(pair, &format!("{name}=0")), &format!("{name} never happened"));
            refused(&GOOD.replace(pair, ""), &format!("{name} is missing"));
        }
    }

    #[test]
    fn the_outcomes_have_to_add_up() {
        refused(&GOOD.replace("ok=1700", "ok=1699"), "verdicts come to 1999");
        refused(&GOOD.replace("complete=1900", "complete=1901"), "endings come to 2001");
    }
}
