//! The spans that came to the receiver.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    time::Duration,
};

use serde_json::Value;

use crate::{
    Result,
    e2e::{guarded::Guarded, otlp::listener},
    workspace,
};

/// From its start to its port.
const START: Duration = Duration::from_secs(20);

/// A listener that keeps what it hears until it is dropped.
#[derive(Debug)]
pub(in crate::e2e) struct Listener {
    _process: Guarded,
    stored: Arc<Mutex<Stored>>,
    pub(in crate::e2e) address: std::net::SocketAddr,
}

/// The spans by their trace.
#[derive(Debug, Default)]
pub(in crate::e2e) struct Stored {
    traces: HashMap<String, Vec<Span>>,
    ids: HashSet<(String, String)>,
}

/// One span.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::e2e) struct Span {
    pub(in crate::e2e) span: String,
    pub(super) parent: String,
    pub(in crate::e2e) service: String,
    pub(in crate::e2e) kind: Kind,
    pub(in crate::e2e) name: String,
    pub(in crate::e2e) ms: f64,
    pub(super) reason: String,
    /// The id of its request.
    pub(in crate::e2e) request: Option<String>,
    /// The number of the call that it is of.
    pub(in crate::e2e) visit: Option<u64>,
    /// The traces that it has links to.
    pub(super) links: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::e2e) enum Kind {
    Server,
    Client,
    Other,
}

impl Listener {
    /// Starts it on a port of the system's choice.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(in crate::e2e) fn start() -> Result<Self> {
        let stored = Arc::<Mutex<Stored>>::default();
        let (port_told, port) = mpsc::channel();
        let exports = Arc::clone(&stored);
        let python = workspace::path(listener::PYTHON);
        let process = Guarded::start(python, ["-c", listener::SOURCE], move |line| {
            if let Ok(port) = line.parse::<u16>() {
                // Nobody waits any more where it came too late.
                let _ = port_told.send(port);
                return None;
            }
            let Ok(export) = serde_json::from_str::<Value>(&line) else { return Some(line) };
            exports.lock().unwrap_or_else(PoisonError::into_inner).add(&export);
            None
        })?;
        let port = port.recv_timeout(START).map_err(|_| {
            format!("the listener does not listen within {START:?}; its log ends:\n{}", process.log())
        })?;
        Ok(Self { _process: process, stored, address: ([127, 0, 0, 1], port).into() })
    }

    /// What came so far.
    pub(in crate::e2e) fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stored {
    pub(in crate::e2e) fn add(&mut self, export: &Value) {
        let spans = export.get("spans").and_then(Value::as_array).into_iter().flatten();
        for (trace, span) in spans.filter_map(read) {
            self.ids.insert((trace.clone(), span.span.clone()));
            self.traces.entry(trace).or_default().push(span);
        }
    }

    pub(in crate::e2e) fn has(&self, trace: &str, span: &str) -> bool {
        self.ids.contains(&(trace.to_owned(), span.to_owned()))
    }

    pub(in crate::e2e) fn of(&self, trace: &str) -> &[Span] {
        self.traces.get(trace).map_or(&[], Vec::as_slice)
    }

    /// All spans, with their trace.
    pub(in crate::e2e) fn all(&self) -> impl Iterator<Item = (&str, &Span)> {
        self.traces.iter().flat_map(|(trace, spans)| spans.iter().map(move |span| (trace.as_str(), span)))
    }
}

fn read(span: &Value) -> Option<(String, Span)> {
    let text = |key: &str| span.get(key).and_then(Value::as_str).map(str::to_owned);
    let kind = match text("kind")?.as_str() {
        "SPAN_KIND_SERVER" => Kind::Server,
        "SPAN_KIND_CLIENT" => Kind::Client,
        _ => Kind::Other,
    };
    let links = span.get("links")?.as_array()?.iter();
    let links = links.map(|link| link.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    let span = Span {
        span: text("span")?,
        parent: text("parent")?,
        service: text("service")?,
        kind,
        name: text("name")?,
        ms: span.get("nanos")?.as_f64()? / 1e6,
        reason: text("reason").unwrap_or_default(),
        request: text("request"),
        visit: text("visit").and_then(|visit| visit.parse().ok()),
        links,
    };
    Some((text("trace")?, span))
}
