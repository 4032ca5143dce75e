//! A number that only grows.

use tower_telemetry_core::TraceIds;

use super::annex::Annex;
use super::clock::Clock;
use super::family_snapshot::FamilySnapshot;
use super::line::Line;
use super::measure::Measure;
use super::number::Number;
use super::read::Read;
use super::sync::{AtomicU64, Ordering::Relaxed};

/// A monotonic sum: one relaxed atomic operation to record, no lock and no allocation.
///
/// At `u64::MAX` it wraps to zero, which a reader of rates takes for a restart. A counter on which threads meet
/// gets a copy per processor, so that they need not wait for each other.
#[derive(Debug)]
pub struct Counter {
    total: AtomicU64,
    // A line is more than a counter needs, and what keeps threads apart.
    annex: Annex<Line>,
    clock: Clock,
}

impl Counter {
    /// A counter at zero.
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// Adds one.
    #[inline]
    pub fn increment(&self) {
        self.add(1);
    }

    /// Adds `amount`.
    #[inline]
    pub fn add(&self, amount: u64) {
        let total = self.annex.mine().and_then(|line| line.get(0)).unwrap_or(&self.total);
        // An exchange fails where another thread added meanwhile, which an addition would not tell.
        let before = total.load(Relaxed);
        if total.compare_exchange(before, before.wrapping_add(amount), Relaxed, Relaxed).is_err() {
            total.fetch_add(amount, Relaxed);
            self.annex.met(Line::new);
        }
    }

    /// Adds `amount`, on behalf of a request of this trace. If the trace is sampled and the counter has had no
    /// exemplar since the last snapshot, it becomes one. It never waits for another thread.
    #[inline]
    pub fn add_with(&self, amount: u64, trace: Option<&TraceIds>) {
        self.add(amount);
        if let Some(ids) = trace.filter(|ids| ids.flags.is_sampled()) {
            self.annex.offer(1, 0, ids, amount, &self.clock);
        }
    }

    /// The sum so far.
    pub fn value(&self) -> u64 {
        let copies = self.annex.copies().iter().filter_map(|line| line.get(0));
        std::iter::once(&self.total).chain(copies).fold(0, |sum, total| sum.wrapping_add(total.load(Relaxed)))
    }

    pub(crate) fn with_clock(clock: Clock) -> Self {
        Self { total: AtomicU64::new(0), annex: Annex::new(), clock }
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

impl Read for Counter {
    fn read(&self, family: &mut FamilySnapshot) {
        let exemplar = self.annex.exemplars(Measure::Whole).next().flatten();
        family.push_marked(Number::Unsigned(self.value()), exemplar);
    }

    fn mark(&self) -> u64 {
        self.value()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_counter_adds_up() {
        let counter = Counter::new();
        counter.increment();
        counter.add(41);
        assert_eq!(counter.value(), 42);
    }
}
