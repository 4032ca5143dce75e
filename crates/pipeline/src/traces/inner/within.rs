//! The side of the SDK: what a context says of the spans that are made in it.

use std::sync::Arc;

use opentelemetry::trace::SpanContext;
use opentelemetry_sdk::trace::SamplingDecision;

use super::open::Key;
use super::request::Request;

/// Stands in the context of an exchange that waits, and in all that are made of it.
#[derive(Debug)]
pub(crate) struct Within {
    request: Arc<Request>,
    /// The span of the exchange: a parent beside those that the request holds.
    edge: Key,
}

impl Within {
    pub(super) const fn new(request: Arc<Request>, edge: Key) -> Self {
        Self { request, edge }
    }

    /// Whether the child of an unsampled span is recorded: that of the exchange, or of a span that is held.
    ///
    /// A context is handed on with a parent of another's, too: such a span follows its parent.
    pub(crate) fn decide(&self, parent: &SpanContext) -> SamplingDecision {
        if parent.is_remote() || parent.trace_id() != self.edge.0 {
            return SamplingDecision::Drop;
        }
        if parent.span_id() == self.edge.1 || self.request.holds(parent.span_id()) {
            return self.request.admit();
        }
        self.request.refuse_child();
        SamplingDecision::Drop
    }

    /// A span was admitted, and has begun.
    pub(super) fn begin(&self, span: &SpanContext) {
        self.request.begin(span);
    }
}
