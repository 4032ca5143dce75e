//! The shop, run as a newcomer runs it, with an end.

use std::collections::VecDeque;

use serde_json::Value;

use crate::{Result, process, summary};

/// The ports are the system's choice: CI shares its machine.
const ARGS: &[&str] = &[
    "run",
    "--locked",
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

/// Runs the shop; its log has to be JSON, and its summary has to balance.
///
/// # Errors
///
/// It failed, or one of these is not so.
pub(crate) fn run() -> Result {
    let mut output = Output::default();
    let end = process::lines(&mut process::cargo(ARGS), |line| output.line(line));
    if end.is_err() {
        output.last.iter().for_each(|line| println!("{line}"));
    }
    end?;
    output.check()
}

/// What the shop wrote: thousands of log lines, and a few for people.
#[derive(Debug, Default)]
struct Output {
    log_lines: u64,
    broken: Vec<String>,
    /// The end of it, for the case that it fails.
    last: VecDeque<String>,
}

impl Output {
    fn line(&mut self, line: String) {
        const KEPT: usize = 20;
        if line.starts_with('{') {
            self.log_lines += 1;
            if !serde_json::from_str(&line).is_ok_and(|value: Value| value.is_object()) {
                self.broken.push(line.clone());
            }
        } else {
            println!("{line}");
        }
        if self.last.len() == KEPT {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    fn check(&self) -> Result {
        println!("{} log lines", self.log_lines);
        match self.broken.first() {
            Some(line) => {
                Err(format!("{} log lines are not JSON, the first: {line}", self.broken.len()).into())
            }
            None if self.log_lines == 0 => Err("the shop logs nothing".into()),
            None => summary::check(self.last.back().map_or("", String::as_str)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "summary started=2000 ended=2000 in_flight=0 disagreements=0 ok=1700 caller_fault=200 \
        service_fault=60 cancelled=40 complete=1900 failed=20 dropped=50 panicked=10 upgraded=20";

    fn told(lines: &[&str]) -> Result {
        let mut output = Output::default();
        lines.iter().for_each(|line| output.line((*line).to_owned()));
        output.check()
    }

    #[test]
    fn a_log_and_a_summary_pass() {
        assert!(told(&["hello", "{\"level\":\"INFO\"}", SUMMARY]).is_ok());
    }

    #[test]
    fn a_torn_log_line_is_found() {
        assert!(told(&["{\"level\":\"IN{\"level\":\"INFO\"}", SUMMARY]).is_err());
    }

    #[test]
    fn silence_is_no_success() {
        assert!(told(&[SUMMARY]).is_err());
        assert!(told(&["{}"]).is_err());
    }
}
