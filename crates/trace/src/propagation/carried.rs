//! What travels in a context of OpenTelemetry beside the span, to the letter.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tower_telemetry_core::TraceState;

/// The caller's `tracestate`, to the letter: OpenTelemetry's own type refuses some keys that W3C allows.
#[derive(Debug, Clone)]
pub(crate) struct Carried(pub(crate) TraceState);

/// The `tracestate` to send on: the caller's text, with what a sampler of this process changed in it.
pub(crate) fn state_of(context: &Context) -> TraceState {
    let mut state = context.get::<Carried>().map(|carried| carried.0.clone()).unwrap_or_default();
    let span = context.span();
    let span: &SpanContext = span.span_context();
    for (key, value) in span.trace_state() {
        if state.get(key) != Some(value)
            && let Ok(changed) = state.with(key, value)
        {
            state = changed;
        }
    }
    state
}
