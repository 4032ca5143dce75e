//! What telemetry costs, beside its peers, in one run.
//!
//! Each case runs in a process of its own, so that none inherits the globals, the heap or the branch history of
//! another. The parent starts them in interleaved rounds: what the machine does meanwhile meets all alike, and a
//! ratio is taken within a round. README.md says what the figures mean.

mod args;
mod budgets;
mod case;
mod cases;
mod floor;
mod instructions;
mod label;
mod library;
mod loopback;
mod measure;
mod peers;
mod plot;
mod report;
mod rounds;
mod serve;

use std::{alloc::System, process::ExitCode};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use self::args::{Args, Output, Task};

/// What a case comes to; nobody asks which error it was.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result {
    let Args { effort, output, task } = Args::parse(std::env::args().skip(1))?;
    match task {
        Task::One(name) => {
            for (metric, value) in case::named(&name)?.run(effort)? {
                println!("{metric}\t{value}");
            }
        }
        Task::Check(budgets) => budgets::run(budgets)?,
        Task::Loopback => loopback::run(effort)?,
        Task::All { only } => {
            let found = rounds::run(effort, &only)?;
            report::print(&found, output);
            if output == Output::Plot {
                plot::write(&found)?;
            }
        }
    }
    Ok(())
}
