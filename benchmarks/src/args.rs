//! The command line.

use crate::Result;

const USAGE: &str = "usage: benchmarks [--quick] [--times N] [--tsv | --plot] [--only PREFIX[,PREFIX..] | --loopback | --hello]
       benchmarks --check [--exact | --write]
       benchmarks --document

  --quick        fewer rounds and repetitions: some minutes in place of a quarter of an hour
  --times N      so many repetitions, once: what counts instructions wants
  --tsv          case, metric and median, tab-separated, in place of tables
  --plot         tables, and what was measured put into figures.tsv, docs/performance.md and the charts of docs/images
  --only PREFIX  the cases whose name begins so, such as metric/ or http/bare,http/ours
  --case NAME    one case, once, in this process: what a profiler wants
  --loopback     whole servers under wrk, one on the first core and wrk on the second: CPU of the server per request
  --serve NAME   such a server, until its input ends
  --hello        the least service built without and with telemetry: crates, time to build, size of the binary
  --check        what is exact against budgets.tsv, and pages against figures.tsv: fails where something grew
  --exact        with --check, leaves out instructions: a busy or another machine counts them a little otherwise
  --write        with --check, writes budgets.tsv anew
  --document     writes pages and charts from figures.tsv, and measures nothing";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) effort: Effort,
    pub(crate) output: Output,
    pub(crate) task: Task,
}

/// How long to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    Quick,
    Thorough,
    Times(usize),
    /// Answers callers from outside in place of measuring.
    Serve,
}

/// How the figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Table,
    Tsv,
    Plot,
}

/// What to run.
#[derive(Debug)]
pub(crate) enum Task {
    One(String),
    /// The cases whose names begin with one of these.
    All {
        only: Vec<String>,
    },
    Check(Budgets),
    Loopback,
    Hello,
    Document,
}

/// What to do with the budgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Budgets {
    /// All that the file says of this platform.
    Compare,
    /// Allocations and sizes alone.
    Exact,
    /// Writes the file.
    Write,
}

impl Args {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    ///
    /// The usage, where something else stands there.
    pub(crate) fn parse(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let task = Task::All { only: vec![String::new()] };
        let mut parsed = Self { effort: Effort::Thorough, output: Output::Table, task };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--quick" => parsed.effort = Effort::Quick,
                "--times" => {
                    let times = args.next().and_then(|times| times.parse().ok());
                    parsed.effort = Effort::Times(times.ok_or(USAGE)?);
                }
                "--loopback" => parsed.task = Task::Loopback,
                "--hello" => parsed.task = Task::Hello,
                "--document" => parsed.task = Task::Document,
                "--serve" => {
                    parsed.effort = Effort::Serve;
                    parsed.task = Task::One(args.next().ok_or(USAGE)?);
                }
                "--plot" => parsed.output = Output::Plot,
                "--check" => parsed.task = Task::Check(Budgets::Compare),
                "--exact" if matches!(parsed.task, Task::Check(_)) => {
                    parsed.task = Task::Check(Budgets::Exact)
                }
                "--write" if matches!(parsed.task, Task::Check(_)) => {
                    parsed.task = Task::Check(Budgets::Write)
                }
                "--tsv" => parsed.output = Output::Tsv,
                "--only" => {
                    let only = args.next().ok_or(USAGE)?.split(',').map(str::to_owned).collect();
                    parsed.task = Task::All { only };
                }
                "--case" => parsed.task = Task::One(args.next().ok_or(USAGE)?),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(parsed)
    }
}

impl Effort {
    /// How often each case is run, in a new process each time.
    pub(crate) const fn rounds(self) -> usize {
        match self {
            Self::Quick => 3,
            Self::Thorough => 15,
            Self::Times(_) | Self::Serve => 1,
        }
    }

    /// As many repetitions as a thorough run makes, or a part of them.
    pub(crate) const fn of(self, thorough: usize) -> usize {
        match self {
            Self::Quick => thorough / 5,
            Self::Thorough => thorough,
            Self::Times(times) => times,
            Self::Serve => 0,
        }
    }
}
