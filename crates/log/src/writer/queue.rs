//! Lines on their way to the thread that writes them: bytes behind one lock, bounded.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the writing thread gathers lines after a write, while others come.
const REST: Duration = Duration::from_millis(5);

/// What a buffer has room for at once: what comes within a rest or two finds it, and nothing grows.
const PREPARED: usize = 256 * 1024;

#[derive(Debug)]
pub(crate) struct Queue {
    capacity: usize,
    state: Mutex<State>,
    /// The writing thread waits for lines.
    lines: Condvar,
    /// Whoever flushes waits for the writing thread.
    written: Condvar,
}

#[derive(Debug)]
struct State {
    waiting: Vec<u8>,
    worker: Worker,
    is_closed: bool,
    /// How many wait until everything is written.
    flushing: usize,
}

impl State {
    /// Whether somebody waits for the worker: then it does not rest.
    fn hurries(&self) -> bool {
        self.is_closed || self.flushing > 0
    }
}

/// What the writing thread does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worker {
    /// It looks for lines before it rests.
    Awake,
    /// It comes back by itself.
    Resting,
    /// It must be woken.
    Asleep,
}

/// There was no room, or nobody who writes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// Whether everything that waited has been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drained {
    Whole,
    InPart,
}

impl Queue {
    /// A queue of at most `capacity` bytes.
    pub(crate) fn new(capacity: usize) -> Self {
        let state = State { waiting: buffer(capacity), worker: Worker::Awake, is_closed: false, flushing: 0 };
        Self { capacity, state: Mutex::new(state), lines: Condvar::new(), written: Condvar::new() }
    }

    /// A buffer to be swapped with that of the lines that wait.
    pub(crate) fn buffer(&self) -> Vec<u8> {
        buffer(self.capacity)
    }

    /// Takes a line, whole or not at all. It waits for nothing but the lock, which is held for copies only.
    pub(crate) fn push(&self, line: &[u8]) -> Result<(), Full> {
        let mut state = self.lock();
        if state.is_closed || self.capacity.saturating_sub(state.waiting.len()) < line.len() {
            return Err(Full);
        }
        state.waiting.extend_from_slice(line);
        // A wake-up is a system call, so it is made for one that sleeps, or that rests while the room gets short.
        let is_short = state.waiting.len() > self.capacity / 2;
        if state.worker == Worker::Asleep || (state.worker == Worker::Resting && is_short) {
            state.worker = Worker::Awake;
            drop(state);
            self.lines.notify_one();
        }
        Ok(())
    }

    /// Swaps the lines that wait into `batch`, which is empty; waits for some. False at the end.
    pub(crate) fn take(&self, batch: &mut Vec<u8>) -> bool {
        let mut state = self.lock();
        if !state.hurries() {
            state.worker = Worker::Resting;
            let rests = |state: &mut State| state.worker == Worker::Resting && !state.hurries();
            let rest = self.lines.wait_timeout_while(state, REST, rests);
            state = rest.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.waiting.is_empty() {
            state.worker = Worker::Asleep;
            self.written.notify_all();
            let sleeps = |state: &mut State| state.waiting.is_empty() && !state.is_closed;
            state = self.lines.wait_while(state, sleeps).unwrap_or_else(PoisonError::into_inner);
        }
        state.worker = if state.waiting.is_empty() { Worker::Asleep } else { Worker::Awake };
        std::mem::swap(&mut state.waiting, batch);
        !batch.is_empty()
    }

    /// Waits until everything is written that was taken before, but no longer than this.
    pub(crate) fn drain(&self, patience: Duration) -> Drained {
        let mut state = self.lock();
        state.flushing += 1;
        self.lines.notify_one();
        let is_busy = |state: &mut State| state.worker != Worker::Asleep || !state.waiting.is_empty();
        let (mut state, wait) =
            self.written.wait_timeout_while(state, patience, is_busy).unwrap_or_else(PoisonError::into_inner);
        state.flushing -= 1;
        if wait.timed_out() { Drained::InPart } else { Drained::Whole }
    }

    /// Takes no further line. What waits is still written.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.lines.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn buffer(capacity: usize) -> Vec<u8> {
    Vec::with_capacity(capacity.min(PREPARED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    #[test]
    fn lines_are_taken_whole_and_in_order_up_to_the_capacity() {
        let queue = Queue::new(10);
        assert_eq!(
            ["one\n", "two\n", "three\n", "4\n"].map(|line| queue.push(line.as_bytes()).is_ok()),
            [true, true, false, true]
        );
        let mut batch = Vec::new();
        assert!(queue.take(&mut batch));
        assert_eq!(batch, b"one\ntwo\n4\n");
        assert_eq!(queue.push(b"five\n"), Ok(()), "there is room again");
    }

    #[test]
    fn what_waits_at_the_end_is_still_taken() {
        let queue = Queue::new(10);
        assert_eq!(queue.push(b"one\n"), Ok(()));
        queue.close();
        assert_eq!(queue.push(b"two\n"), Err(Full));
        let mut batch = Vec::new();
        assert!(queue.take(&mut batch));
        batch.clear();
        assert!(!queue.take(&mut batch));
        assert_eq!(queue.drain(AT_ONCE), Drained::Whole);
    }

    #[test]
    fn whoever_drains_waits_for_the_writer_no_longer_than_he_will() {
        let queue = Queue::new(10);
        assert_eq!(queue.push(b"one\n"), Ok(()));
        assert_eq!(queue.drain(AT_ONCE), Drained::InPart);
        assert!(queue.take(&mut Vec::new()));
        assert_eq!(queue.drain(AT_ONCE), Drained::InPart, "it is taken and not yet written");
    }
}
