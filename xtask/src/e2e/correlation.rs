//! From a figure to what happened, each way one step: an exemplar that a real Prometheus keeps, the span that it names, and
//! the log lines of that trace.
//!
//! The shop runs under its own traffic; a receiver of OTLP has its spans, and its standard output is its log.

use std::{collections::HashSet, time::Duration};

use serde_json::Value;

use super::{
    deadline::Deadline,
    otlp::listener,
    processes::{Listener, Span},
    prometheus::{Exemplars, Form, Server, server_installed},
    shop::{Log, Shop, SpanIds},
};
use crate::Result;

/// Until every kind of exemplar is there, and its span has been exported.
const PATIENCE: Duration = Duration::from_secs(45);
/// From the exemplars to the last of their spans.
const EXPORT: Duration = Duration::from_secs(20);

/// An exemplar, its span and the log lines.
#[derive(Debug)]
struct Way {
    text: String,
    /// How many different things the lines say.
    messages: usize,
}

/// Runs the suite, and prints one such way.
///
/// # Errors
///
/// Prometheus or what receives spans is missing, something does not start, or an exemplar leads nowhere.
pub(crate) fn run() -> Result {
    server_installed()?;
    listener::installed()?;
    let listener = Listener::start()?;
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", listener.address)),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned()),
    ];
    let shop = Shop::start_with(&settings)?;
    let server = Server::start(Form::Classic, shop.admin)?;
    let series = Deadline::after(PATIENCE).until(|| server.exemplars(Form::Classic))?;
    let exported = Deadline::after(EXPORT).until(|| match unstored(&series, &listener) {
        Some(ids) => Err(format!("{ids:?} of an exemplar is no span").into()),
        None => Ok(()),
    });
    let log = shop.close();
    exported?;
    let stored = listener.stored();
    let ways = series.iter().flat_map(|series| series.spans.iter().map(move |ids| (series, ids)));
    let mut ways = ways.map(|(series, ids)| {
        let span = stored.of(&ids.trace).iter().find(|span| span.span == ids.span);
        let span = span.ok_or_else(|| format!("{ids:?} is no span"))?;
        way(series, ids, span, &log)
    });
    let ways = ways.by_ref().collect::<Result<Vec<_>>>()?;
    // The one with the most to tell.
    let told = ways.iter().max_by_key(|way| way.messages).ok_or("there is no exemplar")?;
    println!("{}\n{} exemplars lead to their span and to its log lines", told.text, ways.len());
    Ok(())
}

/// An exemplar whose span did not come yet.
fn unstored<'a>(series: &'a [Exemplars], listener: &Listener) -> Option<&'a SpanIds> {
    let stored = listener.stored();
    series.iter().flat_map(|series| &series.spans).find(|ids| !stored.has(&ids.trace, &ids.span))
}

/// One way; the three have to speak of the same exchange.
fn way(series: &Exemplars, ids: &SpanIds, span: &Span, log: &Log) -> Result<Way> {
    let Exemplars { name, route, .. } = series;
    let SpanIds { trace, span: id } = ids;
    let about_it = format!("the exemplar {trace}-{id} of {name}, route {route:?}");
    if route.as_ref().is_some_and(|route| !span.name.contains(route.as_str())) {
        return Err(format!("{about_it}, leads to the span {:?}", span.name).into());
    }
    let lines = log.written.get(trace).map(Vec::as_slice).unwrap_or_default();
    let of_it = format!("\"span_id\":\"{id}\"");
    if !lines.iter().any(|line| line.contains(&of_it)) {
        return Err(format!("{about_it}, leads to no log line").into());
    }
    let route = route.as_deref().unwrap_or("-");
    let mut text = format!("exemplar  {name} of {route}: trace_id={trace} span_id={id}");
    text.push_str(&format!("\nspan      {} of {}, {:.1} ms", span.name, span.service, span.ms));
    lines.iter().for_each(|line| text.push_str(&format!("\nlog line  {line}")));
    let message =
        |line: &String| serde_json::from_str::<Value>(line).ok()?.get("message").map(Value::to_string);
    let messages: HashSet<_> = lines.iter().filter_map(message).collect();
    Ok(Way { text, messages: messages.len() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::e2e::processes::Stored;

    fn lead(route: &str, line: &str) -> Result<Way> {
        let mut stored = Stored::default();
        stored.add(&json!({ "spans": [{
            "trace": "t", "span": "s", "parent": "", "service": "shop", "name": "POST /orders", "nanos": 1_500_000,
            "kind": "SPAN_KIND_SERVER", "links": [],
        }] }));
        let ids = SpanIds { trace: "t".to_owned(), span: "s".to_owned() };
        let series = Exemplars {
            name: "a_bucket".to_owned(),
            route: Some(route.to_owned()),
            spans: vec![ids.clone()],
        };
        let mut log = Log::default();
        log.written.entry("t".to_owned()).or_default().push(line.to_owned());
        way(&series, &ids, stored.of("t").first().unwrap(), &log)
    }

    #[test]
    fn a_way_is_told_whole_or_not_at_all() {
        let line = r#"{"message":"order taken","trace_id":"t","span_id":"s"}"#;
        let Way { text: told, messages } = lead("/orders", line).unwrap();
        assert_eq!(messages, 1);
        assert!(told.contains("exemplar  a_bucket of /orders: trace_id=t span_id=s"), "{told}");
        assert!(told.contains("span      POST /orders of shop, 1.5 ms") && told.ends_with(line), "{told}");
        assert!(lead("/restock", line).is_err_and(|error| error.to_string().contains("leads to the span")));
        let other = r#"{"trace_id":"t","span_id":"other"}"#;
        assert!(lead("/orders", other).is_err_and(|error| error.to_string().contains("no log line")));
    }
}
