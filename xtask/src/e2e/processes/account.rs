//! What a process says of its exchanges: its log, and its summary.

use std::collections::HashMap;

use serde_json::Value;

const ACCESS: &str = "tower_telemetry::access";

/// The log of a process.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// The access lines.
    pub(super) exchanges: Vec<Line>,
    /// The trace that each order was taken or shipped in.
    pub(super) orders: HashMap<u64, String>,
    /// The last line: the summary.
    pub(super) last: String,
}

/// An exchange that ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) trace: String,
    pub(super) span: String,
    pub(super) side: String,
    /// A route, a template or a gRPC method; empty where there is none.
    pub(super) route: String,
    pub(super) verdict: String,
    pub(super) ms: f64,
}

impl Account {
    pub(super) fn add(&mut self, line: &Value) {
        self.exchanges.extend(exchange(line));
        self.orders.extend(order(line));
    }
}

impl Line {
    pub(super) fn is_fault(&self) -> bool {
        self.verdict == "service_fault"
    }
}

fn exchange(line: &Value) -> Option<Line> {
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    if text("target")? != ACCESS {
        return None;
    }
    let route = ["http.route", "url.template", "rpc.method"].into_iter().find_map(text);
    Some(Line {
        trace: text("trace_id")?.to_owned(),
        span: text("span_id")?.to_owned(),
        side: text("side")?.to_owned(),
        route: route.unwrap_or_default().to_owned(),
        verdict: text("verdict")?.to_owned(),
        ms: line.get("duration_ms")?.as_f64()?,
    })
}

fn order(line: &Value) -> Option<(u64, String)> {
    let message = line.get("message")?.as_str()?;
    if !matches!(message, "order taken" | "order shipped") {
        return None;
    }
    Some((line.get("order")?.as_u64()?, line.get("trace_id")?.as_str()?.to_owned()))
}
