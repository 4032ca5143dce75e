//! A number that goes up and down.

use std::time::Duration;

use super::clock::Clock;
use super::extremes::Extremes;
use super::family_snapshot::FamilySnapshot;
use super::number::Number;
use super::read::Read;
use super::sync::{AtomicI64, Ordering::Relaxed};

/// A level, such as the requests in flight: one relaxed atomic operation to change.
///
/// All threads change one word: a level that can be set cannot be kept in parts. Where the family is declared
/// [`with_extremes`](super::Descriptor::with_extremes), a change also reads the clock and notes the level.
#[derive(Debug)]
pub struct Gauge {
    level: AtomicI64,
    extremes: Option<Box<Extremes>>,
}

impl Gauge {
    /// A gauge at zero.
    pub fn new() -> Self {
        Self { level: AtomicI64::new(0), extremes: None }
    }

    /// Adds one.
    pub fn increment(&self) {
        self.add(1);
    }

    /// Takes one away.
    pub fn decrement(&self) {
        self.add(-1);
    }

    /// Adds `amount`, which may be negative.
    pub fn add(&self, amount: i64) {
        let before = self.level.fetch_add(amount, Relaxed);
        if let Some(extremes) = &self.extremes {
            extremes.note(before, before.wrapping_add(amount));
        }
    }

    /// Adds `amount` at a time of the store's clock that is known, or is found without a look at it.
    #[inline]
    pub(crate) fn add_at(&self, amount: i64, time: impl FnOnce() -> Duration) {
        let before = self.level.fetch_add(amount, Relaxed);
        if let Some(extremes) = &self.extremes {
            extremes.note_at(before, before.wrapping_add(amount), time());
        }
    }

    /// Replaces the level.
    pub fn set(&self, level: i64) {
        let before = self.level.swap(level, Relaxed);
        if let Some(extremes) = &self.extremes {
            extremes.note(before, level);
        }
    }

    /// The level now.
    pub fn value(&self) -> i64 {
        self.level.load(Relaxed)
    }

    pub(crate) fn with_extremes(clock: Clock) -> Self {
        Self { level: AtomicI64::new(0), extremes: Some(Box::new(Extremes::new(clock))) }
    }
}

impl Default for Gauge {
    fn default() -> Self {
        Self::new()
    }
}

impl Read for Gauge {
    fn read(&self, family: &mut FamilySnapshot) {
        family.push_number(Number::Signed(self.value()));
    }

    fn extremes(&self) -> Option<(i64, i64)> {
        self.extremes.as_ref().map(|extremes| extremes.read(self.value()))
    }

    fn mark(&self) -> u64 {
        self.value() as u64
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_returns_to_where_it_was() {
        let gauge = Gauge::new();
        gauge.set(5);
        gauge.increment();
        gauge.add(-7);
        assert_eq!(gauge.value(), -1);
        gauge.decrement();
        assert_eq!(gauge.value(), -2);
    }
}
