//! What all requests share: the room, the spans that are open, and where those go that are kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, SpanContext};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tower_telemetry_metrics::Store;

use super::counts::Counts;
use super::held::Held;
use super::limits::InnerSpans;
use super::open::{Open, key};
use super::within::Within;
use crate::traces::processors::Processors;

/// The processor in front of all others: it keeps from them what waits. Clones share everything.
#[derive(Debug, Clone)]
pub(crate) struct Buffer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) limits: InnerSpans,
    pub(super) counts: Arc<Counts>,
    processors: Processors,
    open: Mutex<Open>,
}

impl Buffer {
    pub(crate) fn new(limits: InnerSpans, processors: Processors, store: &Store) -> Self {
        let counts = Arc::<Counts>::default();
        counts.tell(store);
        Self { shared: Arc::new(Shared { limits, counts, processors, open: Mutex::default() }) }
    }

    /// Room for the spans of one more request.
    pub(crate) fn hold(&self) -> Held {
        Held::new(&self.shared)
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    /// Nothing of others runs while it is held.
    pub(super) fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on a span that was not sampled when it began, and is now.
    pub(super) fn write(&self, mut span: SpanData) {
        let waiting = &span.span_context;
        span.span_context = SpanContext::new(
            waiting.trace_id(),
            waiting.span_id(),
            waiting.trace_flags().with_sampled(true),
            waiting.is_remote(),
            waiting.trace_state().clone(),
        );
        self.processors.on_end(span);
    }
}

impl SpanProcessor for Buffer {
    fn on_start(&self, span: &mut Span, context: &Context) {
        if !span.span_context().is_sampled()
            && let Some(within) = context.get::<Within>()
        {
            within.begin(span.span_context());
        }
        // They write attributes on it: it is to be the span that would have been sampled.
        self.shared.processors.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            return self.shared.processors.on_end(span);
        }
        let request = self.shared.open().end(&key(&span.span_context));
        if let Some(request) = request {
            request.end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.shared.processors.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: std::time::Duration) -> OTelSdkResult {
        self.shared.processors.shutdown_with_timeout(timeout)
    }

    // They were told when they were put together.
    fn set_resource(&mut self, _: &Resource) {}
}
