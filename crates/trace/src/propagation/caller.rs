//! What the headers of a request tell of its caller.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tower_telemetry_core::{Baggage, TraceIds, TraceState};

use crate::decide::Origin;
use crate::propagation::carried::{Carried, OfTrace, shown};
use crate::propagation::told::Wish;
use crate::propagation::{otel_baggage, span_context};

/// What the headers of a request tell of its caller.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    pub(crate) ids: Option<TraceIds>,
    pub(crate) state: TraceState,
    pub(crate) wish: Wish,
    pub(crate) baggage: Baggage,
}

impl Caller {
    /// The caller's span, as OpenTelemetry writes it.
    pub(crate) fn span_context(&self) -> Option<SpanContext> {
        Some(span_context(self.ids?, Origin::Remote, shown(&self.state)))
    }

    /// The context whose active span is the caller's, and whose baggage is the caller's.
    pub(crate) fn attach_to(self, context: &Context) -> Context {
        match self.span_context() {
            Some(span) => self.tell(context.with_remote_span_context(span)),
            None => self.tell(context.clone()),
        }
    }

    /// The context with all that the caller tells beside its span.
    pub(crate) fn tell(self, mut context: Context) -> Context {
        let Self { ids, state, wish, baggage } = self;
        if !baggage.is_empty() {
            context = context.with_baggage(otel_baggage::to_users(&baggage));
        }
        let trace = ids.map(|ids| OfTrace { trace_id: ids.trace_id, state, wish });
        let carried = Carried { trace, baggage };
        if carried.is_empty() { context } else { context.with_value(carried) }
    }
}
