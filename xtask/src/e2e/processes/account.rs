//! What a process says of its exchanges: its log, and its summary.

use std::collections::HashMap;

use serde_json::Value;

use crate::e2e::lines;

const ACCESS: &str = "tower_telemetry::access";

/// The log of a process.
#[derive(Debug, Default)]
pub(in crate::e2e) struct Account {
    /// All lines.
    pub(in crate::e2e) lines: Vec<lines::Line>,
    /// The access lines.
    pub(super) exchanges: Vec<Line>,
    /// The request that each order was taken or shipped for.
    pub(super) orders: HashMap<u64, Request>,
    /// The last line: the summary.
    pub(super) last: String,
}

/// What the log lines of a request have in common, wherever they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    trace: String,
    id: String,
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
    pub(in crate::e2e) fn add(&mut self, line: &Value) {
        self.lines.extend(lines::Line::read(line));
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

fn order(line: &Value) -> Option<(u64, Request)> {
    let message = line.get("message")?.as_str()?;
    if !matches!(message, "order taken" | "order shipped") {
        return None;
    }
    let text = |key: &str| line.get(key)?.as_str().map(str::to_owned);
    Some((line.get("order")?.as_u64()?, Request { trace: text("trace_id")?, id: text("request_id")? }))
}
