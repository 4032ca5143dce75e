//! The shop, running under its own traffic.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

use super::deadline::Deadline;
use crate::{
    Result,
    process::{self, cargo},
};

/// It ends then by itself, should nobody be left to end it.
const LIFETIME: Duration = Duration::from_secs(120);
/// From the end of its time to the end of its process: exchanges settle, and the last exports are made.
const END: Duration = Duration::from_secs(30);
/// From its start to its first line.
const START: Duration = Duration::from_secs(20);
/// What would make the run depend on who runs it.
const SETTINGS: &[&str] = &["LOKI_", "OTEL_", "RUST_LOG", "SHOP_"];

/// A shop that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Shop {
    process: Child,
    reader: Option<JoinHandle<Log>>,
    lifetime: Duration,
    /// Where it answers for `/metrics`.
    pub(crate) admin: SocketAddr,
}

/// What it wrote.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) spans: HashSet<SpanIds>,
    /// The lines that are log lines, read.
    pub(crate) lines: Vec<Value>,
    /// The last line: the summary, where it ended by itself.
    pub(crate) last: String,
}

/// A trace id and a span id, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SpanIds {
    pub(crate) trace: String,
    pub(crate) span: String,
}

impl Shop {
    /// Builds the shop.
    ///
    /// # Errors
    ///
    /// It does not build.
    pub(crate) fn build() -> Result {
        executable().map(drop)
    }

    /// Builds the shop and starts it, on ports of the system's choice, until it is closed.
    ///
    /// # Errors
    ///
    /// As [`Self::start_for`].
    pub(crate) fn start() -> Result<Self> {
        Self::start_for(LIFETIME, &[])
    }

    /// Builds the shop and starts it for a time, in an environment that has these settings and no others.
    ///
    /// # Errors
    ///
    /// It does not build or does not start, or it does not say where it listens.
    pub(crate) fn start_for(lifetime: Duration, settings: &[(&str, String)]) -> Result<Self> {
        let mut command = Command::new(executable()?);
        // All traces: then every span that the log tells of is exported.
        command.args(["--plain", "--sampling", "full", "--for", &format!("{}s", lifetime.as_secs())]);
        for address in ["--gateway", "--inventory", "--admin"] {
            command.args([address, "127.0.0.1:0"]);
        }
        only(&mut command, settings);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take();
        let (told, admin) = mpsc::channel();
        let reader = thread::spawn(move || stdout.map(|stdout| read(stdout, &told)).unwrap_or_default());
        // It has its guard before anything can go wrong.
        let admin_unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut shop = Self { process, reader: Some(reader), lifetime, admin: admin_unknown };
        shop.admin = admin
            .recv_timeout(START)
            .map_err(|_| format!("the shop does not say within {START:?} where its metrics are"))?;
        Ok(shop)
    }

    /// Ends it and answers the spans that its log tells of.
    pub(crate) fn close(mut self) -> HashSet<SpanIds> {
        self.end();
        self.log().spans
    }

    /// Waits for it to end by itself, and answers what it wrote.
    ///
    /// # Errors
    ///
    /// It does not end in time, or it failed.
    pub(crate) fn finish(mut self) -> Result<Log> {
        let status = Deadline::after(self.lifetime + END)
            .until(|| self.process.try_wait()?.ok_or_else(|| "the shop does not end".into()))?;
        if !status.success() {
            return Err(format!("the shop failed: {status}").into());
        }
        Ok(self.log())
    }

    fn log(&mut self) -> Log {
        self.reader.take().and_then(|reader| reader.join().ok()).unwrap_or_default()
    }

    fn end(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.end();
    }
}

/// Gives it these settings and no others.
pub(crate) fn only(command: &mut Command, settings: &[(&str, String)]) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| SETTINGS.iter().any(|setting| name.starts_with(setting))) {
            command.env_remove(name);
        }
    }
    command.envs(settings.iter().map(|(name, value)| (name, value)));
}

/// The path of the binary: `cargo run` would be between us and the process that has to end.
pub(crate) fn executable() -> Result<String> {
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

/// Reads the log to its end: the address goes out at once, the rest at the end.
fn read(stdout: impl Read, admin: &Sender<SocketAddr>) -> Log {
    let mut log = Log::default();
    for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
        log.last = line;
        let Ok(line) = serde_json::from_str::<Value>(&log.last) else { continue };
        let text = |key: &str| line.get(key).and_then(Value::as_str);
        if let (Some(trace), Some(span)) = (text("trace_id"), text("span_id")) {
            log.spans.insert(SpanIds { trace: trace.to_owned(), span: span.to_owned() });
        }
        if text("name") == Some("metrics") {
            let address = text("url").and_then(|url| url.strip_prefix("http://")?.strip_suffix("/metrics"));
            // Nobody listens any more where the address came too late.
            let _ = address.and_then(|address| address.parse().ok()).map(|address| admin.send(address));
        }
        log.lines.push(line);
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_where_the_metrics_are_which_spans_there_were_and_how_it_went() {
        let log = r#"{"message": "open", "name": "metrics", "url": "http://127.0.0.1:9464/metrics"}
            {"message": "order", "trace_id": "a", "span_id": "b"}
            {"message": "order", "trace_id": "a", "span_id": "b"}
            {"message": "start", "trace_id": "c"}
summary started=1
"#;
        let (told, admin) = mpsc::channel();
        let log = read(log.as_bytes(), &told);
        assert_eq!(log.last, "summary started=1");
        assert_eq!(log.spans, HashSet::from([SpanIds { trace: "a".to_owned(), span: "b".to_owned() }]));
        assert_eq!(admin.try_recv(), Ok(SocketAddr::from(([127, 0, 0, 1], 9464))));
    }
}
