//! A token bucket in one atomic word.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tower_telemetry_core::nanos;

/// Spans per second, and for a short while a few more: a bucket that refills all the time.
///
/// Time comes from outside, as the duration since a base that all callers share. The word holds the moment at which
/// the bucket will be full again (the generic cell rate algorithm): no lock, and nothing to refill.
///
/// What passes in any window of `t` seconds is at most `(t + depth) * rate`, or a single request that is dearer.
#[derive(Debug)]
pub struct TokenBucket {
    full_at: AtomicU64,
    rate: f64,
    /// The time in which one token refills, in nanoseconds.
    refill: f64,
    /// How far ahead `full_at` may be, in nanoseconds.
    depth: u64,
}

impl TokenBucket {
    /// A full bucket of `depth` at `rate` tokens per second; without bounds where the rate is infinite.
    ///
    /// A rate that is no number or not above zero lets nothing pass.
    #[must_use]
    pub fn new(rate: f64, depth: Duration) -> Self {
        let rate = if rate > 0.0 { rate } else { 0.0 };
        Self { full_at: AtomicU64::new(0), rate, refill: 1e9 / rate, depth: nanos::saturating(depth) }
    }

    /// Tokens per second.
    #[must_use]
    pub const fn rate(&self) -> f64 {
        self.rate
    }

    /// Takes `tokens` at `now`, all or none; says whether it did.
    ///
    /// A full bucket gives more than it holds, so that a dear request is not refused for ever; what follows waits
    /// the longer.
    pub fn take(&self, now: Duration, tokens: usize) -> bool {
        self.rate > 0.0
            && self
                .full_at
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
                    self.after(full_at, now, tokens)
                })
                .is_ok()
    }

    /// Whether [`take`](Self::take) would succeed.
    #[must_use]
    pub fn holds(&self, now: Duration, tokens: usize) -> bool {
        self.rate > 0.0 && self.after(self.full_at.load(Ordering::Relaxed), now, tokens).is_some()
    }

    /// When the bucket will be full after this take; `None` if it does not hold so much.
    fn after(&self, full_at: u64, now: Duration, tokens: usize) -> Option<u64> {
        let now = nanos::saturating(now);
        let start = full_at.max(now);
        let after = start.saturating_add((self.refill * tokens as f64) as u64);
        (full_at <= now || after - now <= self.depth).then_some(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPTH: Duration = Duration::from_millis(350);

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_full_bucket_gives_its_depth_and_then_its_rate() {
        let bucket = TokenBucket::new(100.0, DEPTH);
        let burst = (0..100).filter(|_| bucket.take(at(1000), 1)).count();
        assert_eq!(burst, 35);
        assert!(!bucket.holds(at(1009), 1));
        assert!(bucket.holds(at(1010), 1));
        let passed = (1000..3000).filter(|&millis| bucket.take(at(millis), 1)).count();
        assert!((199..=200).contains(&passed), "{passed}");
    }

    #[test]
    fn all_or_none_is_taken() {
        let bucket = TokenBucket::new(100.0, DEPTH);
        assert!(bucket.take(at(0), 30));
        assert!(!bucket.take(at(0), 6));
        assert!(bucket.take(at(0), 5));
    }

    #[test]
    fn a_dear_request_passes_a_full_bucket_and_is_paid_for_afterwards() {
        let bucket = TokenBucket::new(10.0, DEPTH);
        assert!(bucket.take(at(0), 8));
        assert!(!bucket.take(at(700), 8), "not full yet");
        assert!(bucket.take(at(800), 8));
    }

    #[test]
    fn no_rate_lets_nothing_pass_and_an_infinite_one_everything() {
        for rate in [0.0, -1.0, f64::NAN] {
            let bucket = TokenBucket::new(rate, DEPTH);
            assert!(!bucket.holds(at(9000), 1) && !bucket.take(at(9000), 1), "{rate}");
        }
        let bucket = TokenBucket::new(f64::INFINITY, DEPTH);
        assert!((0..1000).all(|_| bucket.take(at(0), 1000)));
    }

    #[test]
    fn time_that_goes_back_gives_nothing_for_free() {
        let bucket = TokenBucket::new(100.0, DEPTH);
        assert!(bucket.take(at(1000), 35));
        assert!(!bucket.take(at(900), 1));
        assert!(!bucket.take(at(1000), 1));
    }

    #[test]
    fn threads_together_take_no_more_than_there_is() {
        let bucket = TokenBucket::new(1000.0, DEPTH);
        let taken: usize = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..1000).filter(|&millis| bucket.take(at(millis), 1)).count()))
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or_default()).sum()
        });
        assert!((1340..=1350).contains(&taken), "{taken}");
    }
}
