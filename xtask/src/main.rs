//! Everything that CI does and that is more than one cargo command.
//!
//! `cargo xtask` alone lists the commands. It stands on the standard library and `serde_json`: it is built before
//! anything is known to be well, so it has to be quick and plain.

mod check;
mod ci;
mod command;
mod e2e;
mod fuzz;
mod metadata;
mod mutants;
mod process;
mod reference;
mod shop;
mod summary;
mod workspace;

use std::{error::Error, process::ExitCode};

use command::Command;

/// What a command comes to. Nobody asks which error it was, so it is a text with its cause.
type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let outcome = match Command::parse(std::env::args().skip(1)) {
        Ok(Command::Ci) => ci::run(),
        Ok(Command::Check(checks)) => check::run(&checks),
        Ok(Command::WriteNames) => reference::write(),
        Ok(Command::Shop) => shop::run(),
        Ok(Command::Summary) => summary::run(std::io::stdin().lock()),
        Ok(Command::EndToEnd(suite)) => e2e::run(&suite),
        Ok(Command::Soak(time)) => e2e::soak::run(time),
        Ok(Command::Fuzz(what)) => fuzz::run(&what),
        Ok(Command::Mutants) => mutants::run(),
        Err(usage) => Err(usage.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
