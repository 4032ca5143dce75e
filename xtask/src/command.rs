//! What may be asked for.

use std::time::Duration;

use crate::{check::Check, fuzz::Fuzz};

const USAGE: &str = "usage: cargo xtask COMMAND

  ci               everything that CI does, with the tests at the end
  check [NAME..]   names, semconv, sources, claims, deps; all of them unless named
  names --write    writes docs/names.md anew from the table of names
  shop             runs the shop for ten seconds; its log has to be JSON and its summary to balance
  summary          checks the shop's summary, read from the standard input
  e2e NAME         an end-to-end suite that needs programs from outside
  e2e soak --for TIME
                   the shop under all its faults for that long: 30s, 10m
  fuzz [--for SECONDS] [NAME..]
                   the fuzz targets, 60 seconds each unless said otherwise
  mutants          breaks the core in many small ways and sees whether a test notices";

/// A command of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    Ci,
    Check(Vec<Check>),
    WriteNames,
    Shop,
    Summary,
    EndToEnd(String),
    Soak(Duration),
    Fuzz(Fuzz),
    Mutants,
}

impl Command {
    /// Reads the arguments that follow the program's name; the error is what to show.
    pub(crate) fn parse(args: impl Iterator<Item = String>) -> Result<Self, String> {
        let args: Vec<String> = args.collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match args.as_slice() {
            ["ci"] => Ok(Self::Ci),
            ["check"] => Ok(Self::Check(Check::ALL.to_vec())),
            ["check", names @ ..] => names
                .iter()
                .map(|name| Check::named(name).ok_or_else(|| format!("no check is named {name}\n\n{USAGE}")))
                .collect::<Result<_, _>>()
                .map(Self::Check),
            ["names", "--write"] => Ok(Self::WriteNames),
            ["shop"] => Ok(Self::Shop),
            ["summary"] => Ok(Self::Summary),
            ["e2e", "soak", "--for", time] => duration(time).map(Self::Soak),
            ["e2e", suite] => Ok(Self::EndToEnd((*suite).to_owned())),
            ["fuzz", "--for", seconds, targets @ ..] => fuzz(seconds, targets),
            ["fuzz", targets @ ..] => fuzz("60", targets),
            ["mutants"] => Ok(Self::Mutants),
            _ => Err(USAGE.to_owned()),
        }
    }
}

/// A whole number and its unit, `s` or `m`.
fn duration(text: &str) -> Result<Duration, String> {
    let units = [("s", 1), ("m", 60)];
    let read = units.iter().find_map(|(unit, seconds)| {
        let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
        Some(Duration::from_secs(u64::from(number) * seconds))
    });
    read.ok_or_else(|| format!("{text} is no time such as 30s or 10m\n\n{USAGE}"))
}

fn fuzz(seconds: &str, targets: &[&str]) -> Result<Command, String> {
    let seconds = seconds.parse().map_err(|_| format!("{seconds} is no number of seconds\n\n{USAGE}"))?;
    Ok(Command::Fuzz(Fuzz { seconds, targets: targets.iter().map(|name| (*name).to_owned()).collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn every_command_is_found() {
        assert_eq!(parse("ci"), Ok(Command::Ci));
        assert_eq!(parse("check"), Ok(Command::Check(Check::ALL.to_vec())));
        assert_eq!(parse("check deps names"), Ok(Command::Check(vec![Check::Deps, Check::Names])));
        assert_eq!(parse("names --write"), Ok(Command::WriteNames));
        assert_eq!(parse("shop"), Ok(Command::Shop));
        assert_eq!(parse("summary"), Ok(Command::Summary));
        assert_eq!(parse("e2e collector"), Ok(Command::EndToEnd("collector".to_owned())));
        let fuzz = |seconds, targets: &[&str]| {
            let targets = targets.iter().map(|name| (*name).to_owned()).collect();
            Ok(Command::Fuzz(Fuzz { seconds, targets }))
        };
        assert_eq!(parse("fuzz"), fuzz(60, &[]));
        assert_eq!(parse("fuzz --for 2 b3 json"), fuzz(2, &["b3", "json"]));
        assert_eq!(parse("e2e soak"), Ok(Command::EndToEnd("soak".to_owned())));
        assert_eq!(parse("e2e soak --for 10m"), Ok(Command::Soak(Duration::from_secs(600))));
        assert_eq!(parse("e2e soak --for 30s"), Ok(Command::Soak(Duration::from_secs(30))));
        assert_eq!(parse("mutants"), Ok(Command::Mutants));
    }

    #[test]
    fn anything_else_is_answered_with_the_usage() {
        for line in
            ["", "cl", "check everything", "names", "e2e", "ci now", "fuzz --for ever", "e2e soak --for 9"]
        {
            assert!(parse(line).is_err_and(|answer| answer.contains("usage:")), "{line}");
        }
    }
}
