//! A collector that we did not write receives the shop's metrics and spans, and at the end knows what the shop knows.
//!
//! Rotel takes them over gRPC and over HTTP, and sends on what it understood to a listener that reads it with
//! OpenTelemetry's own definitions. What these two heard last has to be the shop's own account, its last line.

mod account;
mod listener;
mod rotel;
mod told;

use std::{collections::HashSet, net::SocketAddr, time::Duration};

use self::{listener::Listener, rotel::Rotel, told::Told};
use super::{
    deadline::Deadline,
    shop::{Shop, SpanIds},
};
use crate::{Result, summary};

/// How long the shop runs under its traffic.
const LIFETIME: Duration = Duration::from_secs(8);
/// From the shop's end to the last that is heard of it: Rotel sends on five times a second.
const PATIENCE: Duration = Duration::from_secs(15);

/// How metrics go; spans always go over gRPC.
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
    let wrong: Vec<_> = [Protocol::Grpc, Protocol::Http]
        .into_iter()
        .filter_map(|protocol| over(protocol).err().map(|error| format!("{}: {error}", protocol.name())))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn over(protocol: Protocol) -> Result {
    let listener = Listener::start()?;
    let rotel = Rotel::start(listener.address)?;
    let log = Shop::start_for(LIFETIME, &protocol.settings(&rotel))?.finish()?;
    let counts = summary::counts(&log.last)
        .ok_or_else(|| format!("the shop's last line is no summary: {:?}", log.last))?;
    let heard = Deadline::after(PATIENCE).until(|| {
        let told = listener.told();
        let mut wrong = account::wrong(&counts, &told);
        wrong.extend(spans_wrong(&told, &log.spans));
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
    });
    if heard.is_err() {
        println!("the log of Rotel ends:\n{}\nand that of the listener:\n{}", rotel.log(), listener.log());
    }
    heard?;
    let spans = listener.told().spans.len();
    println!("{}: Rotel received what the shop counted, and {spans} spans: {}", protocol.name(), log.last);
    Ok(())
}

/// Every span that the log tells of has to arrive.
fn spans_wrong(told: &Told, logged: &HashSet<SpanIds>) -> Option<String> {
    if logged.is_empty() {
        return Some("the shop's log tells of no span".to_owned());
    }
    let missing: Vec<_> = logged.difference(&told.spans).collect();
    let first = missing.first()?;
    Some(format!("{} of {} spans did not arrive, such as {first:?}", missing.len(), logged.len()))
}

impl Protocol {
    fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Http => "http/protobuf",
        }
    }

    /// The environment of the shop.
    fn settings(self, Rotel { grpc, http, .. }: &Rotel) -> [(&'static str, String); 5] {
        let url = |address: &SocketAddr| format!("http://{address}");
        let endpoint = match self {
            Self::Grpc => url(grpc),
            Self::Http => url(http),
        };
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url(grpc)),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", self.name().to_owned()),
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000".to_owned()),
            // All spans of the run: on a busy machine the default queue overflows, and the SDK then drops some.
            ("OTEL_BSP_MAX_QUEUE_SIZE", "100000".to_owned()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_that_did_not_arrive_is_found() {
        let mut told = Told::default();
        told.add(r#"{"spans": [{"trace": "t", "span": "a"}, {"trace": "t", "span": "c"}]}"#);
        let ids = |span: &str| SpanIds { trace: "t".to_owned(), span: span.to_owned() };
        assert_eq!(spans_wrong(&told, &HashSet::from([ids("a")])), None);
        assert!(spans_wrong(&told, &HashSet::from([ids("a"), ids("b")])).is_some());
        assert!(spans_wrong(&told, &HashSet::new()).is_some());
    }
}
