//! The span that a measurement is made in.

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};

/// The ids of the active span, if its trace is sampled: what an exemplar shows (OpenTelemetry metrics SDK, exemplar
/// filter `TraceBased`).
pub(crate) fn sampled() -> Option<TraceIds> {
    Context::map_current(|context| {
        let span = context.span();
        let span = span.span_context();
        if !span.is_sampled() {
            return None;
        }
        Some(TraceIds {
            trace_id: TraceId::from_bytes(span.trace_id().to_bytes())?,
            span_id: SpanId::from_bytes(span.span_id().to_bytes())?,
            flags: TraceFlags::SAMPLED,
        })
    })
}
