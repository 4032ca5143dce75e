//! The queue: as many as fit, in batches, and a count of all that ever came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::batch::Batch;
use super::counts::{Counts, Reason};

/// Room for this many is made at once.
const ROOM: usize = 64;

/// What waits for its export. A clone is the same queue.
#[derive(Debug)]
pub(crate) struct Queue<L> {
    shared: Arc<Shared<L>>,
}

#[derive(Debug)]
struct Shared<L> {
    state: Mutex<State<L>>,
    filled: Notify,
    capacity: usize,
    batch: usize,
}

#[derive(Debug)]
struct State<L> {
    /// All but the last are full, so that a batch leaves as it is.
    batches: VecDeque<Vec<L>>,
    waiting: usize,
    closed: bool,
    counts: Counts,
}

impl<L> Queue<L> {
    /// With room for `capacity`, which leave in batches of at most `batch`.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        let (state, filled) = (Mutex::new(State::default()), Notify::new());
        Self { shared: Arc::new(Shared { state, filled, capacity, batch }) }
    }

    /// Takes one more. It never waits: without room it is dropped, and counted.
    pub(crate) fn submit(&self, item: L) {
        let Shared { filled, capacity, batch, .. } = &*self.shared;
        // One without room is let go after the lock.
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
        let full = state.push(item, *batch);
        drop(state);
        if full {
            filled.notify_one();
        }
    }

    /// The oldest batch, full or not.
    pub(crate) fn take(&self) -> Option<Batch<L>> {
        let mut state = self.state();
        let items = state.batches.pop_front()?;
        state.waiting -= items.len();
        drop(state);
        Some(Batch::new(self.clone(), items))
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
        let items = std::mem::take(&mut state.waiting);
        state.counts.drop(reason, items as u64);
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
    fn state(&self) -> MutexGuard<'_, State<L>> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L> State<L> {
    /// Whether a batch is full now.
    fn push(&mut self, item: L, batch: usize) -> bool {
        match self.batches.back_mut() {
            Some(last) if last.len() < batch => {
                last.push(item);
                last.len() == batch
            }
            _ => {
                let mut first = Vec::with_capacity(ROOM.min(batch));
                first.push(item);
                self.batches.push_back(first);
                batch == 1
            }
        }
    }
}

impl<L> Clone for Queue<L> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<L> Default for State<L> {
    fn default() -> Self {
        Self { batches: VecDeque::new(), waiting: 0, closed: false, counts: Counts::default() }
    }
}
