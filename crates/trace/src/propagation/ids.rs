//! The ids of a span, as this project and as OpenTelemetry write them.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use tower_telemetry_core::{TraceIds, trace_ids};

use crate::decide::Origin;

/// These ids as OpenTelemetry writes them.
pub(crate) fn span_context(ids: TraceIds, origin: Origin, state: TraceState) -> SpanContext {
    SpanContext::new(
        TraceId::from(u128::from_be_bytes(ids.trace_id.to_bytes())),
        SpanId::from(u64::from_be_bytes(ids.span_id.to_bytes())),
        TraceFlags::new(ids.flags.to_byte()),
        origin == Origin::Remote,
        state,
    )
}

/// The ids of a span, if it has valid ones.
pub(crate) fn ids_of(span: &SpanContext) -> Option<TraceIds> {
    Some(TraceIds {
        trace_id: trace_ids::TraceId::from_bytes(span.trace_id().to_bytes())?,
        span_id: trace_ids::SpanId::from_bytes(span.span_id().to_bytes())?,
        flags: trace_ids::TraceFlags::from_byte(span.trace_flags().to_u8()),
    })
}
