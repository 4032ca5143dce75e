//! Lines that wait for their batch: bounded memory, the lightest dropped first.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tower_telemetry_core::nanos;

use super::counts::{Counts, Reason, one};
use super::lane::{Head, Lane, Pool};
use super::level::LEVELS;

/// A clock that was set back by more than this is believed; before that, time goes on by nanoseconds.
const SET_BACK: u64 = 60_000_000_000;

/// Lines that are taken while the lock is held: who logs does not wait for a whole batch.
const AT_ONCE: usize = 64;

/// Where lines wait, and the account of all lines.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Notify,
    capacity: usize,
    /// From so many bytes on a batch is full.
    batch: usize,
}

#[derive(Debug)]
struct State {
    pool: Pool,
    lanes: [Lane; LEVELS],
    /// Bytes of the lines that wait.
    size: usize,
    /// The time of the last line.
    last: u64,
    is_closed: bool,
    counts: Counts,
}

/// Takes lines out of the queue.
pub(crate) trait Taker {
    /// Whether there is room for a line of this length.
    fn has_room(&self, length: usize) -> bool;
    /// A line of this weight and length begins.
    fn begin(&mut self, at: u64, weight: usize, length: usize);
    /// A piece of it.
    fn piece(&mut self, bytes: &[u8]);
}

impl Queue {
    /// A queue of at most `capacity` bytes, where `batch` bytes are reason enough to push.
    pub(crate) fn new(capacity: usize, batch: usize) -> Self {
        let pool = Pool::new(capacity);
        let capacity = pool.capacity();
        let lanes = std::array::from_fn(|_| Lane::new(&pool));
        let state = State { pool, lanes, size: 0, last: 0, is_closed: false, counts: Counts::default() };
        Self { state: Mutex::new(state), filled: Notify::new(), capacity, batch }
    }

    /// Takes a line, or drops it, or drops lighter ones to make room. It waits for nothing but the lock, which is
    /// held for copies only.
    ///
    /// No two lines get the same time: Loki takes a line with the time and the text of another for a repetition.
    pub(crate) fn push(&self, weight: usize, at: Duration, line: &[u8]) {
        let mut state = self.lock();
        if let Some(told) = state.counts.told.get_mut(weight) {
            *told += 1;
        }
        if state.is_closed {
            return state.counts.drop(Reason::Shutdown, &one(weight));
        }
        if !state.make_room(weight, line.len()) {
            return state.counts.drop(Reason::QueueFull, &one(weight));
        }
        let before = state.size;
        state.put(weight, at, line);
        let is_filled = before < self.batch && state.size >= self.batch;
        drop(state);
        if is_filled {
            self.filled.notify_one();
        }
    }

    /// Gives lines away in the order of their times, as many as find room.
    pub(crate) fn take(&self, taker: &mut impl Taker) {
        loop {
            let mut state = self.lock();
            for _ in 0..AT_ONCE {
                if !state.take_one(taker) {
                    return;
                }
            }
        }
    }

    /// Returns when there is a batch.
    pub(crate) async fn filled(&self) {
        while !self.is_filled() {
            self.filled.notified().await;
        }
    }

    pub(crate) fn is_filled(&self) -> bool {
        self.lock().size >= self.batch
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().size == 0
    }

    /// Takes no further line.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
    }

    /// The end: what waits, or is on its way, is lost.
    pub(crate) fn abandon(&self, reason: Reason) {
        self.lose(reason);
        self.count(|counts| {
            let on_its_way = counts.waiting();
            counts.drop(reason, &on_its_way);
        });
    }

    /// The end for what waits here.
    pub(crate) fn lose(&self, reason: Reason) {
        let mut state = self.lock();
        state.is_closed = true;
        let State { pool, lanes, size, counts, .. } = &mut *state;
        for (weight, lane) in lanes.iter_mut().enumerate() {
            while lane.first().is_some() {
                lane.pop(pool, |_| {});
                counts.drop(reason, &one(weight));
            }
        }
        *size = 0;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// Changes the account.
    pub(crate) fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.lock().counts);
    }

    /// Memory in use.
    pub(crate) fn size(&self) -> usize {
        self.lock().pool.used()
    }

    pub(crate) const fn capacity(&self) -> usize {
        self.capacity
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Drops lighter lines, the lightest and oldest first, until there is room. False if there is none.
    fn make_room(&mut self, weight: usize, length: usize) -> bool {
        let Self { pool, lanes, size, counts, .. } = self;
        let Some(needs) = lanes.get(weight).map(|lane| lane.needs(length)) else { return false };
        let Some((lighter, _)) = lanes.split_at_mut_checked(weight) else { return false };
        for (weight, lane) in lighter.iter_mut().enumerate() {
            while pool.available() < needs
                && let Some(Head { length, .. }) = lane.first()
            {
                lane.pop(pool, |_| {});
                *size -= length;
                counts.drop(Reason::QueueFull, &one(weight));
            }
        }
        pool.available() >= needs
    }

    fn put(&mut self, weight: usize, at: Duration, line: &[u8]) {
        let Self { pool, lanes, size, last, .. } = self;
        let at = nanos::saturating(at);
        let is_set_back = last.saturating_sub(at) > SET_BACK;
        *last = if is_set_back { at } else { at.max(*last + 1) };
        if let Some(lane) = lanes.get_mut(weight) {
            lane.push(pool, *last, line);
            *size += line.len();
        }
    }

    fn take_one(&mut self, taker: &mut impl Taker) -> bool {
        let Self { pool, lanes, size, .. } = self;
        let heads = lanes.iter_mut().enumerate();
        let firsts = heads.filter_map(|(weight, lane)| Some((lane.first()?, weight, lane)));
        let Some((Head { at, length }, weight, lane)) = firsts.min_by_key(|(head, ..)| head.at) else {
            return false;
        };
        if !taker.has_room(length) {
            return false;
        }
        taker.begin(at, weight, length);
        lane.pop(pool, |piece| taker.piece(piece));
        *size -= length;
        true
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::super::lane::CHUNK;
    use super::*;

    const TRACE: usize = 0;
    const INFO: usize = 2;
    const WARN: usize = 3;
    const ERROR: usize = 4;

    /// Times, weights and texts.
    #[derive(Default)]
    struct Taken(Vec<(u64, usize, Vec<u8>)>);

    impl Taker for Taken {
        fn has_room(&self, _: usize) -> bool {
            true
        }

        fn begin(&mut self, at: u64, weight: usize, _: usize) {
            self.0.push((at, weight, Vec::new()));
        }

        fn piece(&mut self, bytes: &[u8]) {
            if let Some((.., line)) = self.0.last_mut() {
                line.extend_from_slice(bytes);
            }
        }
    }

    fn all(queue: &Queue) -> Vec<(u64, usize, Vec<u8>)> {
        let mut taken = Taken::default();
        queue.take(&mut taken);
        taken.0
    }

    const NOW: Duration = Duration::from_secs(1_000);

    #[test]
    fn lines_of_all_levels_come_out_in_the_order_of_their_times() {
        let queue = Queue::new(64 * CHUNK, usize::MAX);
        for n in 0..200_u8 {
            queue.push(usize::from(n) % LEVELS, NOW + Duration::from_nanos(u64::from(n) / 2), &[n]);
        }
        let taken = all(&queue);
        assert!(taken.iter().zip(0..200_u8).all(|((.., line), n)| *line == [n]));
        assert!(taken.windows(2).all(|pair| pair[0].0 < pair[1].0), "no two lines have one time");
        assert!(queue.is_empty() && queue.size() == 0);
    }

    #[test]
    fn lighter_lines_make_room_and_the_lightest_first() {
        let queue = Queue::new(4 * CHUNK, usize::MAX);
        let line = [0; CHUNK - 12];
        for weight in [INFO, TRACE, ERROR, WARN] {
            queue.push(weight, NOW, &line);
        }
        let dropped = |queue: &Queue| queue.counts().dropped(Reason::QueueFull);
        queue.push(TRACE, NOW, &line);
        assert_eq!(dropped(&queue), [1, 0, 0, 0, 0], "nothing makes room for the lightest");
        queue.push(ERROR, NOW, &line);
        assert_eq!(dropped(&queue), [2, 0, 0, 0, 0]);
        queue.push(ERROR, NOW, &line);
        assert_eq!(dropped(&queue), [2, 0, 1, 0, 0]);
        queue.push(ERROR, NOW, &line);
        assert_eq!(dropped(&queue), [2, 0, 1, 1, 0]);
        queue.push(ERROR, NOW, &line);
        assert_eq!(dropped(&queue), [2, 0, 1, 1, 1], "errors are dropped last");
        assert_eq!(all(&queue).len(), 4);
        let counts = queue.counts();
        assert_eq!((counts.told, counts.waiting()), ([2, 0, 1, 1, 5], [0, 0, 0, 0, 4]));
    }

    #[test]
    fn a_clock_that_steps_back_a_little_does_not_turn_lines_around() {
        let queue = Queue::new(4 * CHUNK, usize::MAX);
        let hour = Duration::from_secs(3_600);
        for at in [NOW + hour, NOW + hour - Duration::from_millis(5), NOW, NOW + Duration::from_nanos(1)] {
            queue.push(INFO, at, b"line");
        }
        let times: Vec<u64> = all(&queue).iter().map(|(at, ..)| *at).collect();
        let [late, now] = [NOW + hour, NOW].map(|at| at.as_nanos() as u64);
        assert_eq!(times, [late, late + 1, now, now + 1], "one that steps back far is believed");
    }

    #[test]
    fn what_comes_after_the_end_is_counted() {
        let queue = Queue::new(4 * CHUNK, usize::MAX);
        queue.push(INFO, NOW, b"before");
        queue.close();
        queue.push(WARN, NOW, b"after");
        assert_eq!(queue.counts().dropped(Reason::Shutdown), [0, 0, 0, 1, 0]);
        queue.abandon(Reason::Unreachable);
        assert_eq!(queue.counts().dropped(Reason::Unreachable), [0, 0, 1, 0, 0]);
        assert_eq!((queue.counts().waiting(), all(&queue).len()), ([0; LEVELS], 0));
    }

    #[tokio::test]
    async fn a_full_batch_is_told_at_once() {
        let queue = Queue::new(64 * CHUNK, 10);
        queue.push(INFO, NOW, b"nine bytes");
        queue.filled().await;
        let _ = all(&queue);
        assert!(!queue.is_filled());
    }
}
