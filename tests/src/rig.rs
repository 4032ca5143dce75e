//! Telemetry whose signals can be read back, for one test.

use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SimpleSpanProcessor, SpanData};
use tower_telemetry::metrics::{Snapshot, expose::text};
use tower_telemetry::{Telemetry, TelemetryBuilder};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::prelude::*;

use crate::captured::{Captured, Line};
use crate::until::until;

/// The front door with a store, spans and lines of its own.
///
/// Its subscriber is that of the thread it was made on, so what it is to hear has to run there: on a runtime of one
/// thread, as `#[tokio::test]` makes it.
#[derive(Debug)]
pub struct Rig {
    /// The front door.
    pub telemetry: Telemetry,
    spans: InMemorySpanExporter,
    lines: Captured,
    _subscriber: DefaultGuard,
}

impl Rig {
    /// As the defaults are, but without a listener and a global.
    #[must_use]
    pub fn new() -> Self {
        Self::of(|builder| builder)
    }

    /// With a change of mind.
    #[must_use]
    pub fn of(change: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> Self {
        let (spans, lines) = (InMemorySpanExporter::default(), Captured::default());
        let builder = Telemetry::builder("rig")
            .without_admin()
            .without_subscriber()
            .with_log_writer(lines.clone())
            .with_span_processor(SimpleSpanProcessor::new(spans.clone()));
        let telemetry = change(builder).init().expect("telemetry is set up");
        let subscriber = tracing_subscriber::registry().with(telemetry.log_layer());
        let _subscriber = tracing::subscriber::set_default(subscriber);
        Self { telemetry, spans, lines, _subscriber }
    }

    /// Every metric as it stands.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.telemetry.store().snapshot()
    }

    /// What `/metrics` would answer.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = String::new();
        text::encode(&self.snapshot(), &mut page);
        page
    }

    /// The spans that have ended.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        self.spans.get_finished_spans().expect("nobody panicked with the spans in hand")
    }

    /// The spans of this kind that have ended.
    #[must_use]
    pub fn spans_of(&self, kind: &SpanKind) -> Vec<SpanData> {
        self.spans().into_iter().filter(|span| span.span_kind == *kind).collect()
    }

    /// The only span of this kind.
    #[must_use]
    pub fn span_of(&self, kind: &SpanKind) -> SpanData {
        only(self.spans_of(kind))
    }

    /// The lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.lines.lines()
    }

    /// The lines so far, as they were written.
    #[must_use]
    pub fn log(&self) -> String {
        self.lines.text()
    }

    /// The access lines of this side (`server` or `client`).
    #[must_use]
    pub fn access(&self, side: &str) -> Vec<Line> {
        let is_access = |line: &Line| line.text("target") == Some("tower_telemetry::access");
        self.lines().into_iter().filter(|line| is_access(line) && line.text("side") == Some(side)).collect()
    }

    /// The only access line of this side.
    #[must_use]
    pub fn line_of(&self, side: &str) -> Line {
        only(self.access(side))
    }

    /// The line with this message.
    #[must_use]
    pub fn line_saying(&self, message: &str) -> Line {
        only(self.lines().into_iter().filter(|line| line.text("message") == Some(message)).collect())
    }

    /// How many exchanges of this side began.
    #[must_use]
    pub fn begun(&self, side: &str) -> u64 {
        self.total("tower_telemetry.exchanges.started", &[("side", side)])
    }

    /// How many exchanges ended, by these labels of `tower_telemetry.exchanges.ended`.
    #[must_use]
    pub fn ended_as(&self, labels: &[(&str, &str)]) -> u64 {
        self.total("tower_telemetry.exchanges.ended", labels)
    }

    /// How many exchanges are in flight, on either side and in any protocol.
    #[must_use]
    pub fn in_flight(&self) -> f64 {
        let snapshot = self.snapshot();
        [
            "http.server.active_requests",
            "http.client.active_requests",
            "tower_telemetry.rpc.server.active_calls",
            "tower_telemetry.rpc.client.active_calls",
        ]
        .iter()
        .map(|name| snapshot.total(name, &[]))
        .sum()
    }

    /// Waits until this many exchanges of this side began.
    pub async fn until_begun(&self, side: &str, count: u64) {
        until(&format!("{count} {side} exchanges begun"), || self.begun(side) == count).await;
    }

    /// Waits until this many exchanges of this side have ended, and none is in flight on any.
    pub async fn until_ended(&self, side: &str, count: u64) {
        let is_over = || self.ended_as(&[("side", side)]) == count && self.in_flight() == 0.0;
        until(&format!("{count} {side} exchanges ended and none in flight"), is_over).await;
        assert_eq!(self.begun(side), count, "as many {side} exchanges began as ended");
    }

    /// Asserts that this page tells nothing of these texts.
    pub fn assert_no_label_has(&self, texts: &[&str]) {
        let page = self.page();
        for text in texts {
            assert!(!page.contains(text), "{text:?} of the wire stands in the exposition:\n{page}");
        }
    }

    fn total(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of a test is small"
        )]
        let count = self.snapshot().total(name, labels) as u64;
        count
    }
}

impl Default for Rig {
    fn default() -> Self {
        Self::new()
    }
}

#[track_caller]
fn only<T: std::fmt::Debug>(mut found: Vec<T>) -> T {
    assert_eq!(found.len(), 1, "there is one: {found:#?}");
    found.remove(0)
}
