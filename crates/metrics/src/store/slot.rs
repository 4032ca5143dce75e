//! A place for one exemplar.

use std::time::{Duration, SystemTime};

use tower_telemetry_core::trace_ids::{SpanId, TraceId};
use tower_telemetry_core::{TraceIds, nanos};

use super::clock::Clock;
use super::exemplar::Exemplar;
use super::measure::Measure;
use super::sync::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release, fence};

/// A writer is at work.
const BUSY: u64 = 1;
/// Written since the last reader came.
const FRESH: u64 = 2;
/// One more of these for each exemplar.
const VERSION: u64 = 4;

/// How often a reader tries again that was disturbed by a writer. There is one write between two readings of a
/// slot, so the second try finds peace unless two snapshots are taken at once.
const TRIES: usize = 3;

/// The latest exemplar, written at most once between two snapshots.
///
/// A writer that finds the slot fresh, or another writer in it, goes its way: it never waits, and it reads the
/// clock only when it has the slot. A sequence lock keeps readers from seeing half of one exemplar and half of
/// another.
#[derive(Debug)]
pub(crate) struct Slot {
    state: AtomicU64,
    trace_high: AtomicU64,
    trace_low: AtomicU64,
    span: AtomicU64,
    steps: AtomicU64,
    nanos: AtomicU64,
}

impl Slot {
    pub(crate) fn new() -> Self {
        Self {
            state: AtomicU64::new(0),
            trace_high: AtomicU64::new(0),
            trace_low: AtomicU64::new(0),
            span: AtomicU64::new(0),
            steps: AtomicU64::new(0),
            nanos: AtomicU64::new(0),
        }
    }

    /// Offers an exemplar to the slot.
    #[inline]
    pub(crate) fn offer(&self, ids: &TraceIds, steps: u64, clock: &Clock) {
        let state = self.state.load(Relaxed);
        if state & (BUSY | FRESH) == 0 {
            self.write(state, ids, steps, clock);
        }
    }

    /// What the slot holds. The next sampled recording will replace it.
    pub(crate) fn read(&self, measure: Measure) -> Option<Exemplar> {
        (0..TRIES).find_map(|_| self.try_read()).and_then(|written| written.exemplar(measure))
    }

    #[cold]
    fn write(&self, state: u64, ids: &TraceIds, steps: u64, clock: &Clock) {
        // Acquire: no store of ours may be seen before the slot is ours.
        if self.state.compare_exchange(state, state | BUSY, Acquire, Relaxed).is_err() {
            return;
        }
        // A reader that sees one of the stores below, and then fences, sees BUSY too.
        fence(Release);
        let trace = u128::from_be_bytes(ids.trace_id.to_bytes());
        let since = clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.trace_high.store((trace >> 64) as u64, Relaxed);
        self.trace_low.store(trace as u64, Relaxed);
        self.span.store(u64::from_be_bytes(ids.span_id.to_bytes()), Relaxed);
        self.steps.store(steps, Relaxed);
        self.nanos.store(nanos::saturating(since), Relaxed);
        // Release: who sees the new version sees all of it.
        self.state.store((state + VERSION) | FRESH, Release);
    }

    /// `None` when a writer was at work meanwhile.
    fn try_read(&self) -> Option<Written> {
        let state = self.state.load(Acquire);
        if state & BUSY != 0 {
            return None;
        }
        let written = Written {
            trace: u128::from(self.trace_high.load(Relaxed)) << 64 | u128::from(self.trace_low.load(Relaxed)),
            span: self.span.load(Relaxed),
            steps: self.steps.load(Relaxed),
            nanos: self.nanos.load(Relaxed),
        };
        // The loads above come before the one below.
        fence(Acquire);
        let after = self.state.load(Relaxed);
        if after & !FRESH != state & !FRESH {
            return None;
        }
        if after & FRESH != 0 {
            // Another reader may have been quicker; then there is nothing left to do.
            let _ = self.state.compare_exchange(after, after & !FRESH, Relaxed, Relaxed);
        }
        Some(written)
    }
}

/// The words of one exemplar, all from one writer.
#[derive(Clone, Copy, Debug)]
struct Written {
    trace: u128,
    span: u64,
    steps: u64,
    nanos: u64,
}

impl Written {
    /// `None` for a slot that was never written: its ids are zero.
    fn exemplar(self, measure: Measure) -> Option<Exemplar> {
        Some(Exemplar {
            trace_id: TraceId::from_bytes(self.trace.to_be_bytes())?,
            span_id: SpanId::from_bytes(self.span.to_be_bytes())?,
            value: measure.tell(self.steps),
            time: SystemTime::UNIX_EPOCH + Duration::from_nanos(self.nanos),
        })
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::ManualClock;
    use tower_telemetry_core::trace_ids::TraceFlags;

    #[test]
    fn an_exemplar_stays_until_it_was_read() {
        let time = ManualClock::new(SystemTime::UNIX_EPOCH);
        let (slot, clock) = (Slot::new(), time.clock());
        assert_eq!(slot.read(Measure::Seconds), None);
        let [one, other, third] = [(); 3].map(|()| TraceIds::random(TraceFlags::SAMPLED));
        time.advance(Duration::from_secs(5));
        slot.offer(&one, 1_500_000_000, &clock);
        slot.offer(&other, 7, &clock);
        let read = slot.read(Measure::Seconds).unwrap();
        assert_eq!((read.trace_id, read.span_id, read.value), (one.trace_id, one.span_id, 1.5));
        assert_eq!(read.time, SystemTime::UNIX_EPOCH + Duration::from_secs(5));
        assert_eq!(slot.read(Measure::Seconds), Some(read), "a second reader finds it, too");
        slot.offer(&third, 7, &clock);
        assert_eq!(slot.read(Measure::Whole).unwrap().trace_id, third.trace_id);
    }
}
