//! The queue: as many spans as fit, in batches, and a count of all that ever came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry_sdk::trace::SpanData;
use tokio::sync::Notify;

use super::batch::Batch;
use super::counts::{Counts, Reason};

/// Room for this many spans is made at once.
const ROOM: usize = 64;

/// Spans that wait for their export. A clone is the same queue.
#[derive(Clone, Debug)]
pub(crate) struct SpanQueue {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    filled: Notify,
    capacity: usize,
    batch: usize,
}

#[derive(Debug, Default)]
struct State {
    /// All but the last are full, so that a batch leaves as it is.
    batches: VecDeque<Vec<SpanData>>,
    waiting: usize,
    closed: bool,
    counts: Counts,
}

impl SpanQueue {
    /// With room for `capacity` spans, which leave in batches of at most `batch`.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        let (state, filled) = (Mutex::default(), Notify::new());
        Self { shared: Arc::new(Shared { state, filled, capacity, batch }) }
    }

    /// Takes a span that ended. It never waits: without room the span is dropped, and counted.
    ///
    /// A span that was not sampled is for the eyes of other processors alone.
    pub(crate) fn submit(&self, span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        let Shared { filled, capacity, batch, .. } = &*self.shared;
        // A span without room is let go after the lock.
        let mut state = self.state();
        state.counts.finished += 1;
        if state.closed {
            state.counts.drop(Reason::Shutdown, 1);
            return;
        }
        if state.waiting >= *capacity {
            state.counts.drop(Reason::QueueFull, 1);
            return;
        }
        state.waiting += 1;
        let full = state.push(span, *batch);
        drop(state);
        if full {
            filled.notify_one();
        }
    }

    /// The oldest batch, full or not.
    pub(crate) fn take(&self) -> Option<Batch> {
        let mut state = self.state();
        let spans = state.batches.pop_front()?;
        state.waiting -= spans.len();
        drop(state);
        Some(Batch::new(self.clone(), spans))
    }

    /// Waits until a batch is full. One may be taken already by then.
    pub(crate) async fn filled(&self) {
        self.shared.filled.notified().await;
    }

    /// Whether the oldest batch is full.
    pub(crate) fn is_filled(&self) -> bool {
        self.waiting() >= self.shared.batch
    }

    /// Those that could be taken.
    pub(crate) fn waiting(&self) -> usize {
        self.state().waiting
    }

    /// From now on, all that comes is dropped.
    pub(crate) fn close(&self) {
        self.state().closed = true;
    }

    /// Drops what waits.
    pub(crate) fn clear(&self, reason: Reason) {
        let mut state = self.state();
        let left = std::mem::take(&mut state.batches);
        let spans = std::mem::take(&mut state.waiting);
        state.counts.drop(reason, spans as u64);
        drop(state);
        drop(left);
    }

    /// What became of all that came.
    pub(crate) fn counts(&self) -> Counts {
        self.state().counts
    }

    /// How many may wait.
    pub(crate) fn capacity(&self) -> usize {
        self.shared.capacity
    }

    pub(crate) fn count(&self, note: impl FnOnce(&mut Counts)) {
        note(&mut self.state().counts);
    }

    /// No code of others runs under the lock, so that it is never poisoned.
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a batch is full now.
    fn push(&mut self, span: SpanData, batch: usize) -> bool {
        match self.batches.back_mut() {
            Some(last) if last.len() < batch => {
                last.push(span);
                last.len() == batch
            }
            _ => {
                let mut first = Vec::with_capacity(ROOM.min(batch));
                first.push(span);
                self.batches.push_back(first);
                batch == 1
            }
        }
    }
}
