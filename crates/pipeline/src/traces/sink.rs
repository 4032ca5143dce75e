//! Late spans, handed to the same processors as the others.

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks, SpanProcessor};
use tower_telemetry_trace::{FinishedSpan, HeldSpans, SpanSink, scope};

use crate::traces::inner::Buffer;
use crate::traces::processors::Processors;

/// Hands spans that are written whole to the processors of a provider.
#[derive(Debug)]
pub(crate) struct LateSpans {
    processors: Processors,
    scope: InstrumentationScope,
    /// The spans of the program, where they are to wait with their exchange.
    inner: Option<Buffer>,
}

impl LateSpans {
    pub(crate) fn to(processors: Processors) -> Self {
        Self { processors, scope: scope(), inner: None }
    }

    pub(crate) fn with_inner(self, inner: Buffer) -> Self {
        Self { inner: Some(inner), ..self }
    }
}

impl SpanSink for LateSpans {
    fn write(&self, span: FinishedSpan) {
        self.processors.on_end(data_of(span, self.scope.clone()));
    }

    fn hold(&self) -> Option<Box<dyn HeldSpans>> {
        let held = self.inner.as_ref()?.hold();
        Some(Box::new(held))
    }
}

fn data_of(span: FinishedSpan, scope: InstrumentationScope) -> SpanData {
    let FinishedSpan {
        ids,
        parent,
        parent_is_remote,
        state,
        kind,
        name,
        started,
        ended,
        attributes,
        links,
        status,
    } = span;
    let mut span_links = SpanLinks::default();
    span_links.links = links;
    SpanData {
        span_context: SpanContext::new(
            TraceId::from_bytes(ids.trace_id.to_bytes()),
            SpanId::from_bytes(ids.span_id.to_bytes()),
            TraceFlags::new(ids.flags.to_byte()),
            false,
            TraceState::from_key_value(state.iter()).unwrap_or_default(),
        ),
        parent_span_id: parent.map_or(SpanId::INVALID, |parent| SpanId::from_bytes(parent.to_bytes())),
        parent_span_is_remote: parent_is_remote,
        span_kind: kind,
        name,
        start_time: started,
        end_time: ended,
        attributes,
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: span_links,
        status,
        instrumentation_scope: scope,
    }
}
