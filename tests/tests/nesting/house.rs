//! One telemetry for all tests of this binary, with tracing-opentelemetry beside it.

use std::sync::OnceLock;

use opentelemetry::trace::{SpanId, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracer, SimpleSpanProcessor, SpanData};
use tower_telemetry::trace::carrier::{CarrierLayer, hide_carriers};
use tower_telemetry::{Spans, Telemetry, TraceIds};
use tower_telemetry_tests::{Captured, Line, until};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

pub(crate) struct House {
    pub(crate) telemetry: Telemetry,
    spans: InMemorySpanExporter,
    lines: Captured,
}

/// The one house.
pub(crate) fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let (spans, lines) = (InMemorySpanExporter::default(), Captured::default());
        let telemetry = Telemetry::builder("nesting")
            .without_admin()
            .without_subscriber()
            .with_log_writer(lines.clone())
            .with_span_processor(SimpleSpanProcessor::new(spans.clone()))
            .init()
            .expect("telemetry is set up");
        let tracer = telemetry.tracer_provider().tracer("tracing-opentelemetry");
        tracing_subscriber::registry()
            .with(Targets::new().with_default(LevelFilter::INFO))
            .with(CarrierLayer::new())
            .with(telemetry.log_layer())
            .with(tracing_opentelemetry::layer().with_tracer(tracer).with_filter(hide_carriers()))
            .init();
        House { telemetry, spans, lines }
    })
}

impl House {
    /// Spans for pieces of work.
    pub(crate) fn work(&self) -> Spans<SdkTracer> {
        Spans::with_tracer_provider(self.telemetry.tracer_provider())
    }

    /// The spans of a trace, once there are so many.
    pub(crate) async fn trace(&self, caller: &TraceIds, count: usize) -> Trace {
        let id = caller.trace_id.to_string();
        let all = || {
            let spans = self.spans.get_finished_spans().unwrap();
            spans
                .into_iter()
                .filter(|span| span.span_context.trace_id().to_string() == id)
                .collect::<Vec<_>>()
        };
        until(&format!("{count} spans of {id}"), || all().len() >= count).await;
        let spans = all();
        assert_eq!(spans.len(), count, "{spans:#?}");
        Trace { spans }
    }

    /// The lines that say this, of a trace.
    pub(crate) fn lines(&self, caller: &TraceIds, message: &str) -> Vec<Line> {
        let id = caller.trace_id.to_string();
        let is_ours =
            |line: &Line| line.text("trace_id") == Some(&id) && line.text("message") == Some(message);
        self.lines.lines().into_iter().filter(is_ours).collect()
    }

    /// The spans that link to a span of this trace.
    pub(crate) fn linked_to(&self, caller: &TraceIds) -> Vec<SpanData> {
        let id = caller.trace_id.to_string();
        let links =
            |span: &SpanData| span.links.iter().any(|link| link.span_context.trace_id().to_string() == id);
        self.spans.get_finished_spans().unwrap().into_iter().filter(links).collect()
    }
}

/// The spans of one trace.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) spans: Vec<SpanData>,
}

impl Trace {
    /// The names from each span without children up to the caller's, each once, sorted.
    pub(crate) fn paths(&self) -> Vec<String> {
        let is_parent = |span: &SpanData| {
            self.spans.iter().any(|other| other.parent_span_id == span.span_context.span_id())
        };
        let leaves = self.spans.iter().filter(|span| !is_parent(span));
        let mut paths: Vec<_> = leaves.map(|leaf| self.path(leaf)).collect();
        paths.sort();
        paths
    }

    fn path(&self, leaf: &SpanData) -> String {
        let mut path = named(leaf);
        let mut parent = leaf.parent_span_id;
        while let Some(span) = self.get(parent) {
            path = format!("{} > {path}", named(span));
            parent = span.parent_span_id;
        }
        path
    }

    fn get(&self, id: SpanId) -> Option<&SpanData> {
        self.spans.iter().find(|span| span.span_context.span_id() == id)
    }

    /// The one span of this name.
    pub(crate) fn named(&self, name: &str) -> &SpanData {
        let mut all = self.spans.iter().filter(|span| span.name == name);
        let first = all.next().expect(name);
        assert!(all.next().is_none(), "one {name}");
        first
    }
}

/// A span as it stands in a path: those of an edge with their kind.
fn named(span: &SpanData) -> String {
    match &span.span_kind {
        opentelemetry::trace::SpanKind::Internal => span.name.to_string(),
        kind => format!("{kind:?}[{}]", span.name).to_lowercase(),
    }
}
