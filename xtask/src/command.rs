//! What may be asked for.

use crate::{check::Check, fuzz::Fuzz};

const USAGE: &str = "usage: cargo xtask COMMAND

  ci               everything that CI does, with the tests at the end
  check [NAME..]   names, semconv, deps, sources; all of them unless named
  names --write    writes docs/names.md anew from the table of names
  shop             runs the shop for ten seconds; its log has to be JSON and its summary to balance
  summary          checks the shop's summary, read from the standard input
  e2e NAME         an end-to-end suite that needs programs from outside
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
            ["e2e", suite] => Ok(Self::EndToEnd((*suite).to_owned())),
            ["fuzz", "--for", seconds, targets @ ..] => fuzz(seconds, targets),
            ["fuzz", targets @ ..] => fuzz("60", targets),
            ["mutants"] => Ok(Self::Mutants),
            _ => Err(USAGE.to_owned()),
        }
    }
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
        assert_eq!(parse("mutants"), Ok(Command::Mutants));
    }

    #[test]
    fn anything_else_is_answered_with_the_usage() {
        for line in ["", "cl", "check everything", "names", "e2e", "ci now", "fuzz --for ever"] {
            assert!(parse(line).is_err_and(|answer| answer.contains("usage:")), "{line}");
        }
    }
}
