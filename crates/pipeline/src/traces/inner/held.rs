//! The side of the trace window: what waits with one of its exchanges.

use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tower_telemetry_core::trace_ids::SpanId;
use tower_telemetry_trace::{HeldSpans, Reason};

use super::buffer::Shared;
use super::open::key;
use super::request::{Fate, Request};
use super::within::Within;

/// The spans of one request, for the exchange whose end decides.
#[derive(Debug)]
pub(crate) struct Held(Arc<Request>);

impl Held {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self(Arc::new(Request::new(Arc::clone(shared))))
    }
}

impl HeldSpans for Held {
    fn within(&self, context: Context) -> Context {
        let edge = key(context.span().span_context());
        context.with_value(Within::new(Arc::clone(&self.0), edge))
    }

    fn count(&self) -> usize {
        self.0.count()
    }

    fn parent(&self, span: SpanId) -> Option<SpanId> {
        let parent = self.0.parent(opentelemetry::trace::SpanId::from_bytes(span.to_bytes()))?;
        SpanId::from_bytes(parent.to_bytes())
    }

    fn settle(&self, reason: Option<Reason>) {
        self.0.settle(if reason.is_some() { Fate::Kept } else { Fate::Dropped });
    }
}

impl Drop for Held {
    /// An exchange that nobody told the end of leaves nothing behind.
    fn drop(&mut self) {
        self.0.settle(Fate::Dropped);
    }
}
