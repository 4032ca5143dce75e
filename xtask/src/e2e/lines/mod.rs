//! Every line of the shop has the ids of its own exchange, wherever it was written.
//!
//! The traffic gives each call a number, which the shop takes along by hand: from the handler to the services that it calls,
//! to tasks, threads and workers, into streams and conversations. Every line bears it. What the ids beside it have to be is
//! known from elsewhere: from the exported spans with that number, and from the headers that the call went over the wire
//! with. In one process and in four, with all traces kept and as a production samples.

mod figures;
mod line;
mod look;
mod place;
#[cfg(test)]
mod tests;
mod truth;

use std::time::Duration;

use self::figures::Figures;
pub(super) use self::line::Line;
use super::{
    deadline::Deadline,
    otlp::listener,
    processes::{self, Accounts, Listener, Plan, Sampling},
    shop,
};
use crate::Result;

/// How long the traffic goes on in each of the four runs.
const TIME: Duration = Duration::from_secs(30);
/// The same where time is short: no kind of line may stay away.
const SHORT: Duration = Duration::from_secs(8);
/// From the end to the last span.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the services are.
#[derive(Debug, Clone, Copy)]
enum Shape {
    OneProcess,
    FourProcesses,
}

/// Runs the suite, and prints what it found.
///
/// # Errors
///
/// What receives spans is missing, something does not start or end, or a line is wrong; all that is wrong is named.
pub(crate) fn run() -> Result {
    run_for(TIME)
}

/// The same in less time.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn run_shortly() -> Result {
    run_for(SHORT)
}

fn run_for(time: Duration) -> Result {
    listener::installed()?;
    let binary = shop::executable()?;
    let mut wrong = Vec::new();
    for shape in [Shape::OneProcess, Shape::FourProcesses] {
        for sampling in [Sampling::Full, Sampling::Production] {
            println!("{}, --sampling {}, {time:?}", shape.as_str(), sampling.as_str());
            let found = told(&binary, shape, sampling, time)?;
            wrong.extend(
                found.iter().map(|error| format!("{}, {}: {error}", shape.as_str(), sampling.as_str())),
            );
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
}

/// Runs the shop, and says what is wrong.
fn told(binary: &str, shape: Shape, sampling: Sampling, time: Duration) -> Result<Vec<String>> {
    let listener = Listener::start()?;
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", listener.address)),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned()),
        ("RUST_LOG", "info,tower_telemetry::access=debug,shop::traffic=debug".to_owned()),
    ];
    let plan = Plan { sampling, traffic: time, settings: &settings };
    let accounts: Accounts = match shape {
        Shape::OneProcess => [("shop", processes::whole(binary, &plan)?)].into(),
        Shape::FourProcesses => processes::accounts(binary, &plan)?,
    };
    let mut wrong = processes::summaries(&accounts);
    let figures = || Figures::of(&accounts, &listener.stored(), sampling);
    let complete = Deadline::after(PATIENCE).until(|| {
        let wrong = figures().wrong(sampling);
        if wrong.is_empty() { Ok(()) } else { Err("incomplete".into()) }
    });
    let figures = figures();
    println!("{figures}");
    if complete.is_err() {
        wrong.extend(figures.wrong(sampling));
    }
    Ok(wrong)
}

impl Shape {
    fn as_str(self) -> &'static str {
        match self {
            Self::OneProcess => "one process",
            Self::FourProcesses => "four processes",
        }
    }
}
