//! The shop, running under its own traffic.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::Stdio,
    sync::mpsc::{self, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

use super::guarded::Guarded;
use crate::{
    Result,
    process::{self, cargo},
};

/// More than a suite takes; without it the shop would run for ever.
const LIFETIME: &str = "120s";
/// From its start to its first line.
const START: Duration = Duration::from_secs(20);
/// What would make the run depend on who runs it.
const SETTINGS: &[&str] = &["OTEL_", "RUST_LOG", "SHOP_"];

/// A shop that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Shop {
    guarded: Guarded,
    reader: JoinHandle<HashSet<SpanIds>>,
    /// Where it answers for `/metrics`.
    pub(crate) admin: SocketAddr,
}

/// A trace id and a span id, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SpanIds {
    pub(crate) trace: String,
    pub(crate) span: String,
}

impl Shop {
    /// Builds the shop and starts it, on ports of the system's choice.
    ///
    /// # Errors
    ///
    /// It does not build or does not start, or it does not say where it listens.
    pub(crate) fn start() -> Result<Self> {
        let mut guarded = Guarded::start(executable()?, |command| {
            command.args(["--plain", "--for", LIFETIME]).stdout(Stdio::piped());
            for address in ["--gateway", "--inventory", "--admin"] {
                command.args([address, "127.0.0.1:0"]);
            }
            for (name, _) in std::env::vars_os() {
                if name.to_str().is_some_and(|name| SETTINGS.iter().any(|setting| name.starts_with(setting)))
                {
                    command.env_remove(name);
                }
            }
        })?;
        let stdout = guarded.process().stdout.take();
        let (told, admin) = mpsc::channel();
        let reader = thread::spawn(move || stdout.map(|stdout| read(stdout, &told)).unwrap_or_default());
        let admin = admin
            .recv_timeout(START)
            .map_err(|_| format!("the shop does not say within {START:?} where its metrics are"))?;
        Ok(Self { guarded, reader, admin })
    }

    /// Ends it and answers the spans that its log tells of.
    pub(crate) fn close(mut self) -> HashSet<SpanIds> {
        self.guarded.end();
        self.reader.join().unwrap_or_default()
    }
}

/// The path of the binary: `cargo run` would be between us and the process that has to end.
fn executable() -> Result<String> {
    let args =
        ["build", "--locked", "--release", "--package", "shop", "--message-format=json-render-diagnostics"];
    let messages = process::stdout(&mut cargo(args))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(str::to_owned))
        .next_back()
        .ok_or_else(|| "cargo does not say where the shop's binary is".into())
}

/// Reads the log to its end: the address goes out at once, the spans at the end.
fn read(stdout: impl Read, admin: &Sender<SocketAddr>) -> HashSet<SpanIds> {
    let mut spans = HashSet::new();
    for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
        let Ok(line) = serde_json::from_str::<Value>(&line) else { continue };
        let text = |key: &str| line.get(key).and_then(Value::as_str);
        if let (Some(trace), Some(span)) = (text("trace_id"), text("span_id")) {
            spans.insert(SpanIds { trace: trace.to_owned(), span: span.to_owned() });
        }
        if text("name") == Some("metrics") {
            let address = text("url").and_then(|url| url.strip_prefix("http://")?.strip_suffix("/metrics"));
            // Nobody listens any more where the address came too late.
            let _ = address.and_then(|address| address.parse().ok()).map(|address| admin.send(address));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_where_the_metrics_are_and_which_spans_there_were() {
        let log = r#"{"message": "open", "name": "metrics", "url": "http://127.0.0.1:9464/metrics"}
            summary started=1
            {"message": "order", "trace_id": "a", "span_id": "b"}
            {"message": "order", "trace_id": "a", "span_id": "b"}
            {"message": "start", "trace_id": "c"}"#;
        let (told, admin) = mpsc::channel();
        let spans = read(log.as_bytes(), &told);
        assert_eq!(spans, HashSet::from([SpanIds { trace: "a".to_owned(), span: "b".to_owned() }]));
        assert_eq!(admin.try_recv(), Ok(SocketAddr::from(([127, 0, 0, 1], 9464))));
    }
}
