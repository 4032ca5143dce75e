//! How long calls took, in buckets that grow by 8 %.

use std::array;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// From one bucket to the next.
const GROWTH: f64 = 1.08;
/// From 1 us, which is the first bucket with all below, to just under three hours, which is the last with all above.
pub(super) const BUCKETS: usize = 301;

/// Counts of one period.
pub(super) type Counts = [u32; BUCKETS];

/// Counts that many threads add to, without a lock.
#[derive(Debug)]
pub(super) struct Histogram([AtomicU32; BUCKETS]);

impl Histogram {
    pub(super) fn new() -> Self {
        Self(array::from_fn(|_| AtomicU32::new(0)))
    }

    pub(super) fn record(&self, total: Duration) {
        if let Some(bucket) = self.0.get(bucket_of(total)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many calls were recorded since it was last drained.
    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|bucket| bucket.load(Ordering::Relaxed)).sum()
    }

    /// Adds what was recorded to `counts`.
    pub(super) fn add_to(&self, counts: &mut Counts) {
        for (sum, bucket) in counts.iter_mut().zip(&self.0) {
            *sum = sum.saturating_add(bucket.load(Ordering::Relaxed));
        }
    }

    /// Takes out what was recorded; what others record meanwhile is in this period or in the next.
    pub(super) fn drain(&self) -> Counts {
        self.0.each_ref().map(|bucket| bucket.swap(0, Ordering::Relaxed))
    }
}

/// The duration that this share of the calls does not exceed, with their places within a bucket taken as even.
pub(super) fn quantile(counts: &Counts, share: f64) -> Option<Duration> {
    let calls: u32 = counts.iter().fold(0, |sum, &count| sum.saturating_add(count));
    let rank = f64::from(calls) * share;
    let mut before = 0.0;
    for (bucket, &count) in counts.iter().enumerate() {
        let within = f64::from(count);
        if count > 0 && before + within >= rank {
            let place = bucket as f64 - 1.0 + (rank - before) / within;
            return Some(Duration::from_secs_f64(GROWTH.powf(place.max(0.0)) * 1e-6));
        }
        before += within;
    }
    None
}

/// Bucket `n` holds what is longer than `GROWTH^(n-1)` microseconds, and not longer than `GROWTH^n`.
fn bucket_of(total: Duration) -> usize {
    let micros = total.as_secs_f64() * 1e6;
    let place = micros.max(1.0).ln() * const { 1.0 / 0.076_961_041_136_128_4 };
    (place.ceil() as usize).min(BUCKETS - 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn counts(durations: impl IntoIterator<Item = Duration>) -> Counts {
        let histogram = Histogram::new();
        durations.into_iter().for_each(|total| histogram.record(total));
        histogram.drain()
    }

    #[test]
    fn a_quantile_is_within_a_bucket_of_the_true_one() {
        let counts = counts((1..=10_000).map(Duration::from_micros));
        for share in [0.01, 0.5, 0.9, 0.96, 0.97, 0.99, 0.999] {
            let (found, truth) = (quantile(&counts, share).unwrap().as_secs_f64(), share * 0.01);
            assert!((found / truth - 1.0).abs() < 0.08, "{share}: {found} for {truth}");
        }
    }

    #[test]
    fn each_bucket_holds_what_its_bounds_say() {
        assert_eq!(bucket_of(Duration::ZERO), 0);
        assert_eq!(bucket_of(Duration::from_micros(1)), 0);
        for bucket in 1..BUCKETS - 1 {
            let bound = Duration::from_secs_f64(GROWTH.powi(bucket as i32) * 1e-6);
            assert_eq!(bucket_of(bound.mul_f64(0.999)), bucket);
            assert_eq!(bucket_of(bound.mul_f64(1.001)), bucket + 1);
        }
        assert_eq!(bucket_of(Duration::MAX), BUCKETS - 1);
    }

    #[test]
    fn nothing_recorded_has_no_quantile() {
        assert_eq!(quantile(&[0; BUCKETS], 0.5), None);
    }

    #[test]
    fn a_drained_histogram_begins_anew() {
        let histogram = Histogram::new();
        histogram.record(Duration::from_millis(1));
        assert_eq!((histogram.count(), histogram.drain().iter().sum::<u32>(), histogram.count()), (1, 1, 0));
    }
}
