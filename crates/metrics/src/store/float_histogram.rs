//! Numbers that need not be whole, counted into buckets.

use std::sync::Arc;

use tower_telemetry_core::TraceIds;

use super::bounds::Bounds;
use super::clock::Clock;
use super::family_snapshot::FamilySnapshot;
use super::layout::Layout;
use super::measure::Measure;
use super::read::Read;
use super::sync::Ordering::Relaxed;
use super::tally::Tally;

/// A histogram of numbers that need not be whole, such as ratios or prices.
///
/// Prefer [`Histogram`](super::Histogram) for durations and [`ValueHistogram`](super::ValueHistogram) for whole
/// numbers: their sums are exact, and this one's is rounded as floats are.
///
/// NaN, infinite and negative numbers are refused, and counted in `tower_telemetry.values.refused`: the sum of a
/// histogram is a counter, which the first two never leave and the last would lower.
///
/// ```
/// use tower_telemetry_metrics::{Bounds, Descriptor, Place, Store};
///
/// let store = Store::new();
/// let load = Descriptor::new("shop.shelf.load", "1", "How full a shelf is.");
/// let load = store.float_histogram_family::<()>(load, Bounds::from_floats(&[0.25, 0.5, 0.75, 1.0])?)?;
/// load.series(&(), Place::Known).record(0.3);
/// assert_eq!(store.snapshot().histogram("shop.shelf.load", &[]).map(|load| load.sum()), Some(0.3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FloatHistogram {
    tally: Tally,
    refused: Arc<std::sync::atomic::AtomicU64>,
}

impl FloatHistogram {
    /// An empty histogram, with bounds [of floats](Bounds::from_floats).
    pub fn new(bounds: Bounds) -> Self {
        let layout = Layout::new(Measure::Float, bounds.into(), Clock::system());
        Self::counting_into(layout, Arc::default())
    }

    /// Counts one number.
    #[inline]
    pub fn record(&self, number: f64) {
        self.record_with(number, None);
    }

    /// Counts one number, which a request of this trace had; see
    /// [`Histogram::record_with`](super::Histogram::record_with).
    #[inline]
    pub fn record_with(&self, number: f64, trace: Option<&TraceIds>) {
        if number.is_finite() && number >= 0.0 {
            self.tally.record_float(number);
            self.tally.offer(Measure::float_steps(number), trace);
        } else {
            self.refuse();
        }
    }

    /// The number of recordings.
    pub fn count(&self) -> u64 {
        self.tally.count()
    }

    pub(crate) fn counting_into(layout: Arc<Layout>, refused: Arc<std::sync::atomic::AtomicU64>) -> Self {
        Self { tally: Tally::new(layout), refused }
    }

    #[cold]
    fn refuse(&self) {
        self.refused.fetch_add(1, Relaxed);
    }
}

impl Read for FloatHistogram {
    fn read(&self, family: &mut FamilySnapshot) {
        self.tally.read(family);
    }

    fn mark(&self) -> u64 {
        self.tally.count()
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::{Descriptor, Place, Store};
    use tower_telemetry_core::trace_ids::TraceFlags;

    #[test]
    fn a_number_falls_into_the_first_bucket_that_holds_it() {
        let store = Store::new();
        let bounds = Bounds::from_floats(&[-1.0, 0.0, 0.1, 0.3, 5e300]).unwrap();
        let load = store.float_histogram_family::<()>(Descriptor::new("load", "1", ""), bounds).unwrap();
        let load = load.series(&(), Place::Known);
        let ids = TraceIds::random(TraceFlags::SAMPLED);
        for number in [0.0, -0.0, 5e-324, 0.1, 0.1 + 0.2, f64::MAX] {
            load.record_with(number, Some(&ids));
        }
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.1] {
            load.record_with(number, Some(&ids));
        }
        let snapshot = store.snapshot();
        let value = snapshot.histogram("load", &[]).unwrap();
        assert_eq!(value.buckets(), [0, 2, 2, 0, 1, 1], "0.1 + 0.2 is above 0.3");
        let exemplars: Vec<_> = value.exemplars().map(|exemplar| exemplar.map(|it| it.value)).collect();
        assert_eq!(exemplars, [None, Some(0.0), Some(5e-324), None, Some(0.1 + 0.2), Some(f64::MAX)]);
        assert_eq!((value.sum(), value.count()), (f64::MAX, 6));
        assert_eq!(snapshot.value("tower_telemetry.values.refused", &[]), Some(4.0));
    }
}
