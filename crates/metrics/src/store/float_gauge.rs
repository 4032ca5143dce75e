//! A level that is no whole number.

use std::sync::Arc;

use super::family_snapshot::FamilySnapshot;
use super::number::Number;
use super::read::Read;
use super::sync::{AtomicU64, Ordering::Relaxed};

/// A level such as a temperature or a ratio: one relaxed atomic store to set.
///
/// NaN is refused, and counted in `tower_telemetry.values.refused`: once in a sum, it never leaves it.
#[derive(Debug, Default)]
pub struct FloatGauge {
    bits: AtomicU64,
    refused: Arc<std::sync::atomic::AtomicU64>,
}

impl FloatGauge {
    /// A gauge at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the level.
    pub fn set(&self, level: f64) {
        if level.is_nan() {
            self.refuse();
        } else {
            self.bits.store(level.to_bits(), Relaxed);
        }
    }

    /// Adds `amount`, which may be negative. What would make the level NaN is refused.
    pub fn add(&self, amount: f64) {
        let added = self.bits.fetch_update(Relaxed, Relaxed, |bits| {
            let level = f64::from_bits(bits) + amount;
            (!level.is_nan()).then(|| level.to_bits())
        });
        if added.is_err() {
            self.refuse();
        }
    }

    /// The level now.
    pub fn value(&self) -> f64 {
        f64::from_bits(self.bits.load(Relaxed))
    }

    pub(crate) fn counting_into(refused: Arc<std::sync::atomic::AtomicU64>) -> Self {
        Self { bits: AtomicU64::new(0), refused }
    }

    #[cold]
    fn refuse(&self) {
        self.refused.fetch_add(1, Relaxed);
    }
}

impl Read for FloatGauge {
    fn read(&self, family: &mut FamilySnapshot) {
        family.push_number(Number::Float(self.value()));
    }

    fn mark(&self) -> u64 {
        self.bits.load(Relaxed)
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use crate::store::{Descriptor, Place, Store};

    #[test]
    fn what_is_no_number_is_refused_and_counted() {
        let store = Store::new();
        let heat = store.float_gauge_family::<()>(Descriptor::new("heat", "Cel", "")).unwrap();
        let heat = heat.series(&(), Place::Known);
        heat.set(-3.5);
        heat.set(f64::NAN);
        heat.add(f64::NAN);
        heat.add(1.25);
        assert_eq!(store.snapshot().value("heat", &[]), Some(-2.25));
        assert_eq!(store.snapshot().value("tower_telemetry.values.refused", &[]), Some(2.0));
    }
}
