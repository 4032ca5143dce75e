//! A number that only grows.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::family_snapshot::FamilySnapshot;
use super::number::Number;
use super::read::Read;

/// A monotonic sum: one relaxed atomic addition to record, no lock and no allocation.
///
/// At `u64::MAX` it wraps to zero, which a reader of rates takes for a restart.
#[derive(Debug, Default)]
pub struct Counter {
    total: AtomicU64,
}

impl Counter {
    /// A counter at zero.
    pub const fn new() -> Self {
        Self { total: AtomicU64::new(0) }
    }

    /// Adds one.
    pub fn increment(&self) {
        self.add(1);
    }

    /// Adds `amount`.
    pub fn add(&self, amount: u64) {
        self.total.fetch_add(amount, Relaxed);
    }

    /// The sum so far.
    pub fn value(&self) -> u64 {
        self.total.load(Relaxed)
    }
}

impl Read for Counter {
    fn read(&self, family: &mut FamilySnapshot) {
        family.push_number(Number::Unsigned(self.value()));
    }
}

#[cfg(test)]
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
