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
    net::{Ipv4Addr, SocketAddr, TcpListener},
    time::Duration,
};

use self::{
    figures::{Accounts, Figures},
    part::Part,
    sampling::Sampling,
    stored::Listener,
};
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
    let accounts = accounts(binary, sampling, rotel.grpc)?;

    let mut wrong = Vec::new();
    for (name, account) in &accounts {
        match summary::counts(&account.last) {
            None => wrong.push(format!("the last line of {name} is no summary: {:?}", account.last)),
            Some(counts) => {
                println!("{name}: {}", account.last);
                wrong.extend(summary::unbalanced(&counts).iter().map(|error| format!("{name}: {error}")));
            }
        }
    }
    let told = Deadline::after(PATIENCE).until(|| {
        let wrong = Figures::of(&accounts, &listener.stored()).wrong(sampling);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
    });
    println!("{}", Figures::of(&accounts, &listener.stored()));
    wrong.extend(told.err().map(|error| error.to_string()));
    Ok(wrong)
}

/// Runs the four processes to their end.
fn accounts(binary: &str, sampling: Sampling, collector: SocketAddr) -> Result<Accounts> {
    let places = places()?;
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{collector}")),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc".to_owned()),
    ];
    let start = |name, time: Duration| {
        let time = format!("{}s", time.as_secs());
        let own = ["--plain", "--sampling", sampling.as_str(), "--admin", "127.0.0.1:0", "--for", &time];
        let args: Vec<_> = own.into_iter().map(str::to_owned).chain(places.clone()).collect();
        Part::start(binary, name, &args, &settings)
    };
    // Whoever calls is there before those that are called.
    let traffic = start("traffic", sampling.traffic())?;
    let gateway = start("gateway", LIFETIME)?;
    let shipping = start("shipping", LIFETIME)?;
    let inventory = start("inventory", LIFETIME)?;

    let mut accounts = Accounts::new();
    accounts.insert("shop-traffic", traffic.finish(sampling.traffic())?);
    let services = [("shop-gateway", gateway), ("shop-shipping", shipping), ("shop-inventory", inventory)];
    for (name, part) in services {
        println!("{name}: {}", refused(&part.metrics()?));
        part.terminate()?;
        accounts.insert(name, part.finish(Duration::ZERO)?);
    }
    Ok(accounts)
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
