//! The decision and the ids of the trace window, handed to the SDK.

use std::fmt;
use std::sync::Arc;

use opentelemetry::trace::{Link, SpanId, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{IdGenerator, SamplingDecision, SamplingResult, ShouldSample};
use tower_telemetry_core::trace_ids;
use tower_telemetry_trace::{Decide, Decision, handover};

use crate::traces::inner::Within;

/// The ids that the window hands over; random ones for any other span, without a lock.
#[derive(Debug)]
pub(crate) struct HandedIds;

impl IdGenerator for HandedIds {
    fn new_trace_id(&self) -> TraceId {
        let id = handover::ids().map_or_else(trace_ids::TraceId::random, |ids| ids.trace_id);
        TraceId::from_bytes(id.to_bytes())
    }

    fn new_span_id(&self) -> SpanId {
        let id = handover::ids().map_or_else(trace_ids::SpanId::random, |ids| ids.span_id);
        SpanId::from_bytes(id.to_bytes())
    }
}

/// Records what the window hands over; any other span follows its parent, and where it has none, the decider.
#[derive(Clone)]
pub(crate) struct HandedSampler(pub(crate) Arc<dyn Decide>);

impl ShouldSample for HandedSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        if let Some(state) = handover::take() {
            return result(SamplingDecision::RecordAndSample, state);
        }
        match parent.filter(|parent| parent.span().span_context().is_valid()) {
            Some(parent) => child(parent),
            None => self.root(trace_id),
        }
    }
}

impl HandedSampler {
    fn root(&self, trace_id: TraceId) -> SamplingResult {
        let decision = trace_ids::TraceId::from_bytes(trace_id.to_bytes()).map(|id| self.0.at_own_root(id));
        match decision {
            Some(Decision::Record { ot, .. }) => {
                let entry = ot.filter(|ot| !ot.is_empty()).map(|ot| ("ot", ot));
                let state = TraceState::from_key_value(entry).unwrap_or_default();
                result(SamplingDecision::RecordAndSample, state)
            }
            _ => result(SamplingDecision::Drop, TraceState::NONE),
        }
    }
}

impl fmt::Debug for HandedSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandedSampler")
    }
}

/// The child of a span follows it; where that waits with its exchange, the child does.
fn child(context: &Context) -> SamplingResult {
    let span = context.span();
    let parent = span.span_context();
    let decision = if parent.is_sampled() {
        SamplingDecision::RecordAndSample
    } else {
        context.get::<Within>().map_or(SamplingDecision::Drop, |within| within.decide(parent))
    };
    result(decision, parent.trace_state().clone())
}

fn result(decision: SamplingDecision, trace_state: TraceState) -> SamplingResult {
    SamplingResult { decision, attributes: Vec::new(), trace_state }
}
