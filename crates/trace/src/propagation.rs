//! Between the headers of a request and the context of OpenTelemetry.

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState as SpanTraceState,
};
use tower_telemetry_core::names::header::{TRACEPARENT, TRACESTATE};
use tower_telemetry_core::trace_ids::{self, TraceparentError};
use tower_telemetry_core::{TraceIds, TraceState};

use crate::decide::Origin;

/// The context of a caller, as its headers tell it.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    pub(crate) ids: TraceIds,
    pub(crate) state: TraceState,
}

impl Remote {
    /// The caller's context; `Ok(None)` where there is none.
    ///
    /// A malformed `tracestate` is dropped alone; without a `traceparent` none is looked at.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, TraceparentError> {
        let ids = TraceIds::from_headers(headers)?;
        Ok(ids.map(|ids| Self { ids, state: TraceState::from_headers(headers).unwrap_or_default() }))
    }

    pub(crate) fn span_context(&self) -> SpanContext {
        // The text of the caller's state travels beside it (`Carried`): OpenTelemetry's own type
        // refuses some keys that W3C allows.
        let state = SpanTraceState::from_key_value(self.state.iter()).unwrap_or_default();
        span_context(self.ids, Origin::Remote, state)
    }

    /// The context whose active span is the caller's.
    pub(crate) fn attach_to(&self, context: &Context) -> Context {
        let context = context.with_remote_span_context(self.span_context());
        if self.state.is_empty() { context } else { context.with_value(Carried(self.state.clone())) }
    }
}

/// The caller's `tracestate`, to the letter, in a context of OpenTelemetry.
#[derive(Debug, Clone)]
struct Carried(TraceState);

/// These ids as OpenTelemetry writes them.
pub(crate) fn span_context(ids: TraceIds, origin: Origin, state: SpanTraceState) -> SpanContext {
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

/// Writes the context of this span into the headers, in place of any that stands there.
pub(crate) fn inject(ids: &TraceIds, context: &Context, headers: &mut HeaderMap) {
    headers.insert(TRACEPARENT, ids.to_header_value());
    match state_of(context).to_header_value() {
        Some(state) => headers.insert(TRACESTATE, state),
        None => headers.remove(TRACESTATE),
    };
}

/// The state to send on: the caller's text, with what a sampler of this process changed in it.
fn state_of(context: &Context) -> TraceState {
    let mut state = context.get::<Carried>().map(|carried| carried.0.clone()).unwrap_or_default();
    let span = context.span();
    for (key, value) in span.span_context().trace_state() {
        if state.get(key) != Some(value)
            && let Ok(changed) = state.with(key, value)
        {
            state = changed;
        }
    }
    state
}
