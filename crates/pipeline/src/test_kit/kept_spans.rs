//! Spans, kept.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, SpanId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::Notify;

/// Keeps the spans that end. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptSpans(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    spans: Mutex<Spans>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Spans {
    open: HashSet<SpanId>,
    ended: Vec<SpanData>,
}

impl KeptSpans {
    /// Those that ended, in the order of their ends.
    pub(super) fn ended(&self) -> Vec<SpanData> {
        self.spans().ended.clone()
    }

    /// How many began and have not ended.
    pub(super) fn open(&self) -> usize {
        self.spans().open.len()
    }

    /// Waits until another ends.
    pub(super) async fn another(&self) {
        self.0.ended.notified().await;
    }

    fn spans(&self) -> MutexGuard<'_, Spans> {
        self.0.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpanProcessor for KeptSpans {
    fn on_start(&self, span: &mut Span, _: &Context) {
        self.spans().open.insert(span.span_context().span_id());
    }

    fn on_end(&self, span: SpanData) {
        let mut spans = self.spans();
        // One that is kept at its end had no start.
        spans.open.remove(&span.span_context.span_id());
        spans.ended.push(span);
        drop(spans);
        self.0.ended.notify_one();
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
