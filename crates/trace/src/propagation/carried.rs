//! What travels in a context of OpenTelemetry beside the span, to the letter.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState as SpanTraceState};
use tower_telemetry_core::trace_ids::TraceId;
use tower_telemetry_core::{Baggage, TraceState};

use crate::propagation::told::Wish;
use crate::propagation::{ids_of, otel_baggage};

/// What a caller told that OpenTelemetry's own types cannot hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Carried {
    /// What belongs to the caller's trace, and to no other that is begun under this context.
    pub(crate) trace: Option<OfTrace>,
    /// The baggage as it came.
    pub(crate) baggage: Baggage,
}

/// What belongs to one trace.
#[derive(Debug, Clone)]
pub(crate) struct OfTrace {
    pub(crate) trace_id: TraceId,
    /// OpenTelemetry's own type refuses some keys that W3C allows.
    pub(crate) state: TraceState,
    pub(crate) wish: Wish,
}

impl Carried {
    /// Whether there is nothing to carry.
    pub(crate) fn is_empty(&self) -> bool {
        let is_plain = |of: &OfTrace| of.state.is_empty() && of.wish == Wish::Flag;
        self.baggage.is_empty() && self.trace.as_ref().is_none_or(is_plain)
    }
}

/// What the caller said of sampling, if the span of this context is of its trace.
pub(crate) fn wish_of(context: &Context) -> Wish {
    let span = context.span();
    of_trace(context, span.span_context()).map_or(Wish::Flag, |of| of.wish)
}

/// The `tracestate` to send on: the caller's text, with what a sampler of this process changed in it.
pub(crate) fn state_of(context: &Context) -> TraceState {
    state_under(context, context.span().span_context())
}

/// The same, for a span that is not that of the context.
pub(crate) fn state_under(context: &Context, span: &SpanContext) -> TraceState {
    let told = of_trace(context, span).map(|of| &of.state);
    let now: Vec<(&str, &str)> = span.trace_state().into_iter().collect();
    let Some(told) = told else { return put_first(TraceState::default(), &now) };
    if told.iter().eq(now.iter().copied()) {
        return told.clone();
    }
    // A sampler's state is the state, as far as it could be shown the caller's.
    let shown = shown(told);
    let state = told.only(|key| shown.get(key).is_none() || span.trace_state().get(key).is_some());
    let changed: Vec<_> = now.into_iter().filter(|(key, value)| told.get(key) != Some(value)).collect();
    put_first(state, &changed)
}

/// The baggage to send on: what came in, with what users changed in it.
pub(crate) fn baggage_of(context: &Context) -> Baggage {
    let came = context.get::<Carried>().map(|carried| &carried.baggage);
    if came.is_none_or(Baggage::is_empty) && context.baggage().is_empty() {
        return Baggage::default();
    }
    otel_baggage::with_changes(came.unwrap_or(&Baggage::default()), context)
}

/// As much of a state as OpenTelemetry's own type can hold: what samplers see.
pub(crate) fn shown(state: &TraceState) -> SpanTraceState {
    if state.is_empty() {
        return SpanTraceState::NONE;
    }
    SpanTraceState::from_key_value(state.iter()).unwrap_or_else(|_one_refused| {
        let can_hold = |member: &(&str, &str)| SpanTraceState::from_key_value([*member]).is_ok();
        SpanTraceState::from_key_value(state.iter().filter(can_hold)).unwrap_or_default()
    })
}

fn of_trace<'a>(context: &'a Context, span: &SpanContext) -> Option<&'a OfTrace> {
    let of = context.get::<Carried>()?.trace.as_ref()?;
    ids_of(span).is_some_and(|ids| ids.trace_id == of.trace_id).then_some(of)
}

/// These members first, in their order; what W3C forbids is left out.
fn put_first(state: TraceState, members: &[(&str, &str)]) -> TraceState {
    members.iter().rev().fold(state, |state, (key, value)| state.with(key, value).unwrap_or(state))
}
