//! A collector that we did not write receives the shop's metrics, spans and log records, and at the end knows what the shop knows.
//!
//! Rotel takes them over gRPC and over HTTP, and sends on what it understood to a listener that reads it with
//! OpenTelemetry's own definitions. What these two heard last has to be the shop's own account, its last line: the end
//! comes while spans wait, and none is lost. Then the collector goes away for a minute (`OTLP_OUTAGE_SECONDS`) and
//! comes back.

mod account;
mod gate;
pub(crate) mod listener;
mod outage;
mod records;
pub(crate) mod rotel;
mod spans;
mod told;

use std::{net::SocketAddr, thread, time::Duration};

use self::{listener::Listener, rotel::Rotel};
use super::{deadline::Deadline, shop::Shop};
use crate::{Result, summary};

/// How long the shop runs under its traffic.
const LIFETIME: Duration = Duration::from_secs(8);
/// From the shop's end to the last that is heard of it: Rotel sends on five times a second.
const PATIENCE: Duration = Duration::from_secs(15);

/// How all three go.
#[derive(Debug, Clone, Copy)]
enum Protocol {
    Grpc,
    Http,
}

/// Runs the suite.
///
/// # Errors
///
/// Rotel is missing, something does not start, or something did not arrive; all that is missing is named.
pub(crate) fn run() -> Result {
    listener::installed()?;
    // The build is not to be waited for twice, nor its time taken from a scenario.
    Shop::build()?;
    let away = thread::spawn(|| outage::run(Protocol::Http).map_err(|error| error.to_string()));
    let mut ends = vec![("grpc", told(over(Protocol::Grpc))), ("http/protobuf", told(over(Protocol::Http)))];
    let away = away.join().unwrap_or_else(|_| Err("the scenario panicked".to_owned()));
    ends.push(("an outage", away));
    let mut wrong = Vec::new();
    for (scenario, end) in ends {
        match end {
            Ok(said) => println!("{scenario}: {said}"),
            Err(error) => wrong.push(format!("{scenario}: {error}")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn told(end: Result<String>) -> std::result::Result<String, String> {
    end.map_err(|error| error.to_string())
}

fn over(protocol: Protocol) -> Result<String> {
    let listener = Listener::start()?;
    let rotel = Rotel::start(listener.address)?;
    let collector = match protocol {
        Protocol::Grpc => rotel.grpc,
        Protocol::Http => rotel.http,
    };
    let log = Shop::start_for(LIFETIME, &protocol.settings(collector))?.finish()?;
    let counts = summary::counts(&log.last)
        .ok_or_else(|| format!("the shop's last line is no summary: {:?}", log.last))?;
    let heard = Deadline::after(PATIENCE).until(|| {
        let told = listener.told();
        let mut wrong = account::wrong(&counts, &told);
        wrong.extend(spans::wrong(&told, &log.spans));
        wrong.extend(records::wrong(&told, &log.spans));
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
    });
    if heard.is_err() {
        println!("the log of Rotel ends:\n{}\nand that of the listener:\n{}", rotel.log(), listener.log());
    }
    heard?;
    let told = listener.told();
    let dropped = told.total(spans::DROPPED, None).unwrap_or_default();
    let lost = told.total(records::DROPPED, None).unwrap_or_default();
    let (spans, records) = (told.spans.len(), told.records);
    Ok(format!(
        "Rotel received what the shop counted, {spans} spans ({dropped} dropped) and {records} log records ({lost} \
         dropped): {}",
        log.last
    ))
}

impl Protocol {
    fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http/protobuf",
        }
    }

    /// The environment of the shop.
    fn settings(self, collector: SocketAddr) -> [(&'static str, String); 3] {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{collector}")),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", self.name().to_owned()),
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000".to_owned()),
        ]
    }
}
