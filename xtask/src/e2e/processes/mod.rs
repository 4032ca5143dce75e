//! The shop in four processes, with all traces kept and as a production samples: one in a hundred, and at the end what
//! matters.
//!
//! The processes start in the order that suits them least, run under their own traffic and end by SIGTERM. Rotel
//! receives their spans and sends on what it understood. What the processes say of each exchange, in their logs, is
//! compared with what was stored: no fault is lost, in no process that it went through; who made an order slow can be
//! told; a job is in the trace of its order.

mod account;
mod figures;
mod part;
mod sampling;
mod share;
mod stored;

use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

pub(super) use self::{
    account::Account,
    figures::Accounts,
    sampling::Sampling,
    stored::{Kind as SpanKind, Listener, Span, Stored},
};
use self::{figures::Figures, part::Part};
use super::{
    deadline::Deadline,
    otlp::{listener, rotel::Rotel},
    shop,
};
use crate::{Result, summary};

/// The services end by themselves then, should nobody be left to end them.
const LIFETIME: Duration = Duration::from_secs(120);
/// From the end to the last span: Rotel sends on five times a second.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the shop runs.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) sampling: Sampling,
    /// How long the traffic goes on.
    pub(super) traffic: Duration,
    /// The environment.
    pub(super) settings: &'a [(&'a str, String)],
}

/// Runs the suite, and prints what it found.
///
/// # Errors
///
/// Rotel is missing, something does not start or end, or something is wrong; all that is wrong is named.
pub(crate) fn run() -> Result {
    listener::installed()?;
    let binary = shop::executable()?;
    let mut wrong = Vec::new();
    for sampling in [Sampling::Full, Sampling::Production] {
        let found = sampled(&binary, sampling)?;
        wrong.extend(found.iter().map(|error| format!("{}: {error}", sampling.as_str())));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
}

/// Runs the processes with this sampling, and says what is wrong.
fn sampled(binary: &str, sampling: Sampling) -> Result<Vec<String>> {
    println!("--sampling {}", sampling.as_str());
    let listener = Listener::start()?;
    let rotel = Rotel::start(listener.address)?;
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", rotel.grpc)),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc".to_owned()),
    ];
    let plan = Plan { sampling, traffic: sampling.traffic(), settings: &settings };
    let accounts = accounts(binary, &plan)?;

    let mut wrong = summaries(&accounts);
    let told = Deadline::after(PATIENCE).until(|| {
        let wrong = Figures::of(&accounts, &listener.stored()).wrong(sampling);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
    });
    println!("{}", Figures::of(&accounts, &listener.stored()));
    wrong.extend(told.err().map(|error| error.to_string()));
    Ok(wrong)
}

/// Prints the summary of each process, and says what is wrong with it.
pub(super) fn summaries(accounts: &Accounts) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, account) in accounts {
        match summary::counts(&account.last) {
            None => wrong.push(format!("the last line of {name} is no summary: {:?}", account.last)),
            Some(counts) => {
                println!("{name}: {}", account.last);
                wrong.extend(summary::unbalanced(&counts).iter().map(|error| format!("{name}: {error}")));
            }
        }
    }
    wrong
}

/// Runs the four processes to their end.
///
/// # Errors
///
/// One does not start, or fails.
pub(super) fn accounts(binary: &str, plan: &Plan<'_>) -> Result<Accounts> {
    let places = places()?;
    let start = |name, time| start(binary, name, plan, time, &places);
    // Whoever calls is there before those that are called.
    let traffic = start("traffic", plan.traffic)?;
    let gateway = start("gateway", LIFETIME)?;
    let shipping = start("shipping", LIFETIME)?;
    let inventory = start("inventory", LIFETIME)?;

    let mut accounts = Accounts::new();
    accounts.insert("shop-traffic", traffic.finish(plan.traffic)?);
    let services = [("shop-gateway", gateway), ("shop-shipping", shipping), ("shop-inventory", inventory)];
    for (name, part) in services {
        println!("{name}: {}", refused(&part.metrics()?));
        part.terminate()?;
        accounts.insert(name, part.finish(Duration::ZERO)?);
    }
    Ok(accounts)
}

/// Runs the whole shop in one process to its end.
///
/// # Errors
///
/// It does not start, or fails.
pub(super) fn whole(binary: &str, plan: &Plan<'_>) -> Result<Account> {
    start(binary, part::WHOLE, plan, plan.traffic, &places()?)?.finish(plan.traffic)
}

fn start(
    binary: &str,
    name: &'static str,
    plan: &Plan<'_>,
    time: Duration,
    places: &[String],
) -> Result<Part> {
    let time = format!("{}s", time.as_secs());
    let own = ["--plain", "--sampling", plan.sampling.as_str(), "--admin", "127.0.0.1:0", "--for", &time];
    let args: Vec<_> = own.into_iter().map(str::to_owned).chain(places.iter().cloned()).collect();
    Part::start(binary, name, &args, plan.settings)
}

/// What the budget of its sampler refused.
fn refused(page: &str) -> String {
    let refused = page.lines().filter_map(|line| line.strip_prefix("tower_telemetry_traces_refused_total"));
    format!("traces refused {}", refused.collect::<Vec<_>>().join(" "))
}

/// Ports that nobody has, for those who have to find each other.
fn places() -> Result<Vec<String>> {
    let names = ["--gateway", "--inventory", "--shipping", "--carrier"];
    // All at once, for one that is free again might be given twice.
    let taken = names.map(|name| (name, TcpListener::bind((Ipv4Addr::LOCALHOST, 0))));
    let mut args = Vec::new();
    for (name, listener) in taken {
        args.extend([name.to_owned(), listener?.local_addr()?.to_string()]);
    }
    Ok(args)
}
