//! The spans that have begun and not ended, and whose they are.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use opentelemetry::trace::{SpanContext, SpanId, TraceId};

use super::limits::LATE;
use super::request::Request;

/// A span among all.
pub(super) type Key = (TraceId, SpanId);

pub(super) fn key(span: &SpanContext) -> Key {
    (span.trace_id(), span.span_id())
}

/// Where the SDK's spans go when they end: it tells nothing of them but their ids.
#[derive(Debug, Default)]
pub(super) struct Open {
    spans: HashMap<Key, Arc<Request>>,
    /// Those whose request has ended and was kept, the oldest first; some have ended since.
    late: VecDeque<Key>,
}

impl Open {
    pub(super) fn begin(&mut self, key: Key, request: &Arc<Request>) {
        self.spans.insert(key, Arc::clone(request));
    }

    pub(super) fn end(&mut self, key: &Key) -> Option<Arc<Request>> {
        self.spans.remove(key)
    }

    /// The request of this span is over and kept. Gives whoever is forgotten for it: a span that never ends is to
    /// leave nothing behind.
    pub(super) fn outlive(&mut self, key: Key) -> Option<Arc<Request>> {
        if !self.spans.contains_key(&key) {
            return None;
        }
        self.late.push_back(key);
        if self.late.len() <= LATE {
            return None;
        }
        let oldest = self.late.pop_front()?;
        self.spans.remove(&oldest)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }
}
