//! A sink takes the line that is written, with its ids apart.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{RequestId, Scope, TraceIds, Work};
use tower_telemetry_log::{JsonLayer, LineFormat, LineSink, ToldLine};
use tracing::{Level, info, info_span, warn};
use tracing_subscriber::prelude::*;

/// Level, text, trace id and request id.
type Line = (Level, String, Option<String>, Option<String>);

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Line>>>);

impl LineSink for Told {
    fn tell(&self, line: &ToldLine<'_>) {
        let text = String::from_utf8(line.json.concat()).unwrap();
        let trace = line.ids.map(|ids| ids.trace_id.to_string());
        let id = line.request_id.map(|id| id.as_str().to_owned());
        self.0.lock().unwrap().push((line.level, text, trace, id));
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written and what the sink is told of a few events.
fn told(format: LineFormat) -> (String, Vec<Line>, TraceIds) {
    let (told, written) = (Told::default(), Written::default());
    let writer = written.clone();
    let layer = JsonLayer::new(move || writer.clone()).with_service_name("shop").with_format(format);
    let layer = layer.with_sink(Arc::new(told.clone()));
    let ids = TraceIds::random(TraceFlags::SAMPLED);
    let work = Work::new().with_trace(ids).with_request_id(RequestId::new("request-1"));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        info!(order = 7, "outside");
        let _scope = Scope::of_work(work).attach();
        let _span = info_span!("span", tenant = "acme \"quoted\"\n").entered();
        warn!(order = 8, "within");
        info!(target: "http.access", status = 200, "served");
    });
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let lines = told.0.lock().unwrap().clone();
    (text, lines, ids)
}

fn read(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn a_sink_is_told_the_line_without_ids_and_service() {
    let (written, told, ids) = told(LineFormat::Json);
    let within = Some(ids.trace_id.to_string());
    assert_eq!(told.len(), 3);
    for (line, (_, text, trace, id)) in written.lines().zip(&told) {
        let mut line = read(line);
        let fields = line.as_object_mut().unwrap();
        assert_eq!(fields.remove("service.name"), Some(json!("shop")));
        assert_eq!(fields.remove("trace_id"), trace.clone().map(Value::from));
        assert_eq!(fields.remove("span_id").is_some(), trace.is_some());
        assert_eq!(fields.remove("request_id"), id.clone().map(Value::from));
        assert_eq!(read(text), line, "the rest is the same");
    }
    let heads: Vec<_> = told.iter().map(|(level, _, trace, _)| (*level, trace.clone())).collect();
    assert_eq!(heads, [(Level::INFO, None), (Level::WARN, within.clone()), (Level::INFO, within)]);
}

#[test]
fn a_sink_is_told_json_where_people_read() {
    let [(_, json, _), (pretty, told, _)] = [LineFormat::Json, LineFormat::Pretty].map(self::told);
    assert!(!pretty.starts_with('{'));
    let fields = |lines: &[Line]| -> Vec<Value> {
        let mut lines: Vec<Value> = lines.iter().map(|(_, text, _, _)| read(text)).collect();
        for line in &mut lines {
            line.as_object_mut().unwrap().remove("timestamp").unwrap();
        }
        lines
    };
    assert_eq!(fields(&told), fields(&json));
    assert!(pretty.contains("acme") && pretty.lines().count() == 3, "{pretty}");
}
