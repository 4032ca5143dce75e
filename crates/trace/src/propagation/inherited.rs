//! What the spans of an exchange continue.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};

use crate::propagation::ids_of;
use crate::propagation::told::Wish;

/// What a span is made under: a parent or none, a link or none, and what the caller says of sampling.
#[derive(Debug)]
pub(crate) struct Inherited {
    /// What goes on beside the span; where there is no caller, its active span is the parent.
    pub(crate) context: Context,
    /// The caller's span, where it is the parent: in a context of its own only where one is needed.
    pub(crate) remote: Option<SpanContext>,
    /// The id of the trace that begins here, where there is no parent and the caller has a name for it.
    pub(crate) root: Option<TraceId>,
    /// The caller's span, where it is no parent.
    pub(crate) link: Option<SpanContext>,
    /// What the caller says of sampling beyond the flag of the parent.
    pub(crate) wish: Wish,
}

impl Inherited {
    /// The context of this process, told by nobody else.
    pub(crate) const fn local(context: Context) -> Self {
        Self { context, remote: None, root: None, link: None, wish: Wish::Flag }
    }

    /// Shows the span that is the parent with its ids, if there is a valid one.
    pub(crate) fn with_parent<R>(&self, look: impl FnOnce(&SpanContext, TraceIds) -> R) -> Option<R> {
        let active = self.context.span();
        let span = self.remote.as_ref().unwrap_or_else(|| active.span_context());
        Some(look(span, ids_of(span)?))
    }

    /// Ids of the trace that begins here; a name that its caller gave need not be random.
    pub(crate) fn new_ids(&self) -> TraceIds {
        match self.root {
            Some(trace_id) => TraceIds { trace_id, span_id: SpanId::random(), flags: TraceFlags::NONE },
            None => TraceIds::random(TraceFlags::RANDOM),
        }
    }

    /// The context whose active span, if it has one, is the parent.
    pub(crate) fn into_context(self) -> Context {
        match self.remote {
            Some(span) => self.context.with_remote_span_context(span),
            None => self.context,
        }
    }
}
