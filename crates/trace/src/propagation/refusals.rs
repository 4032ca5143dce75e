//! What of foreign headers was refused.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many headers or members were malformed, or beyond a limit, and were ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Refusals {
    /// Malformed `traceparent`, `b3` or `uber-trace-id` headers; each began a new trace.
    pub contexts: u64,
    /// `x-trace-id`s that were malformed, or disagreed with the context beside them.
    pub trace_ids: u64,
    /// Malformed `tracestate`s; the `traceparent` beside each was taken.
    pub states: u64,
    /// Members of baggage; the others were taken.
    pub members: u64,
}

/// Counts them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    contexts: AtomicU64,
    trace_ids: AtomicU64,
    states: AtomicU64,
    members: AtomicU64,
}

impl Tally {
    pub(crate) fn context(&self) {
        self.contexts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn trace_id(&self) {
        self.trace_ids.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn state(&self) {
        self.states.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn members(&self, count: usize) {
        if count > 0 {
            self.members.fetch_add(count as u64, Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> Refusals {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Refusals {
            contexts: read(&self.contexts),
            trace_ids: read(&self.trace_ids),
            states: read(&self.states),
            members: read(&self.members),
        }
    }
}
