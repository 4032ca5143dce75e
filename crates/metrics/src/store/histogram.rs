//! Durations counted into buckets.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::bounds::Bounds;
use super::family_snapshot::FamilySnapshot;
use super::read::Read;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A histogram of durations with fixed buckets: two relaxed atomic additions to record.
///
/// There is no count beside the buckets: a reader adds the buckets up, so the two can never differ. The sum is
/// kept in whole nanoseconds. It wraps after 584 years of added-up time, which a reader of rates takes for a
/// restart. A recording that runs during a read may be in a bucket and not yet in the sum.
#[derive(Debug)]
pub struct Histogram {
    bounds: Bounds,
    buckets: Box<[AtomicU64]>,
    sum_nanos: AtomicU64,
}

impl Histogram {
    /// An empty histogram.
    pub fn new(bounds: Bounds) -> Self {
        let buckets = (0..bounds.buckets()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, buckets, sum_nanos: AtomicU64::new(0) }
    }

    /// Counts one duration. One above 584 years counts as 584 years.
    pub fn record(&self, duration: Duration) {
        let nanos = duration
            .as_secs()
            .saturating_mul(NANOS_PER_SECOND)
            .saturating_add(u64::from(duration.subsec_nanos()));
        // Always there: a histogram has a bucket for each answer of its bounds.
        if let Some(bucket) = self.buckets.get(self.bounds.bucket(nanos)) {
            bucket.fetch_add(1, Relaxed);
            self.sum_nanos.fetch_add(nanos, Relaxed);
        }
    }

    /// The number of recordings.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.load(Relaxed)).sum()
    }
}

impl Read for Histogram {
    fn read(&self, family: &mut FamilySnapshot) {
        let sum_nanos = self.sum_nanos.load(Relaxed);
        family.push_histogram(self.buckets.iter().map(|bucket| bucket.load(Relaxed)), sum_nanos);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn loads(histogram: &Histogram) -> Vec<u64> {
        histogram.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect()
    }

    #[test]
    fn a_duration_falls_into_the_first_bucket_that_holds_it() {
        let histogram = Histogram::new(Bounds::from_seconds(&[0.005, 1.0]).unwrap());
        for millis in [0, 5, 6, 1000, 1001] {
            histogram.record(Duration::from_millis(millis));
        }
        assert_eq!(loads(&histogram), [2, 2, 1]);
        assert_eq!(histogram.sum_nanos.load(Relaxed), 2_012_000_000);
        assert_eq!(histogram.count(), 5);
    }

    #[test]
    fn the_longest_duration_is_counted_above_every_bound() {
        let histogram = Histogram::new(Bounds::default());
        histogram.record(Duration::MAX);
        assert_eq!(loads(&histogram).last(), Some(&1));
        assert_eq!(histogram.sum_nanos.load(Relaxed), u64::MAX);
    }
}
