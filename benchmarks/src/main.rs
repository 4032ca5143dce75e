//! What telemetry costs, beside its peers, in one run.
//!
//! Each case runs in a process of its own, so that none inherits the globals, the heap or the branch history of
//! another. The parent starts them in interleaved rounds: what the machine does meanwhile meets all alike, and a
//! ratio is taken within a round. README.md says what the figures mean.

mod added;
mod args;
mod budgets;
mod case;
mod cases;
mod document;
mod floor;
mod hello;
mod instructions;
mod label;
mod library;
mod loopback;
mod machine;
mod measure;
mod peers;
mod plot;
mod report;
mod rounds;
mod saved;
mod serve;
mod summary;
mod table;
mod targets;
mod ticks;
mod versions;

use std::{alloc::System, process::ExitCode};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use self::{
    args::{Args, Output, Task},
    rounds::Found,
};

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
        Task::Check(budgets) => {
            budgets::run(budgets)?;
            document::check()?;
        }
        Task::Loopback => show(&loopback::run(effort)?, output)?,
        Task::Hello => show(&hello::run()?, output)?,
        Task::All { only } => show(&rounds::run(effort, &only)?, output)?,
        Task::Document => document::write()?,
    }
    Ok(())
}

fn show(found: &Found, output: Output) -> Result {
    report::print(found, output);
    if output == Output::Plot {
        saved::put(found)?;
        document::write()?;
    }
    Ok(())
}
