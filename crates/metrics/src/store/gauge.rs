//! A number that goes up and down.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::family_snapshot::FamilySnapshot;
use super::number::Number;
use super::read::Read;

/// A level, such as the requests in flight: one relaxed atomic operation to change.
#[derive(Debug, Default)]
pub struct Gauge {
    level: AtomicI64,
}

impl Gauge {
    /// A gauge at zero.
    pub const fn new() -> Self {
        Self { level: AtomicI64::new(0) }
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
        self.level.fetch_add(amount, Relaxed);
    }

    /// Replaces the level.
    pub fn set(&self, level: i64) {
        self.level.store(level, Relaxed);
    }

    /// The level now.
    pub fn value(&self) -> i64 {
        self.level.load(Relaxed)
    }
}

impl Read for Gauge {
    fn read(&self, family: &mut FamilySnapshot) {
        family.push_number(Number::Signed(self.value()));
    }
}

#[cfg(test)]
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
