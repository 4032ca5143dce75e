//! So many in a second, and for a start a second's worth at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// A token bucket in one atomic word: the moment at which it will be full again (the generic cell rate algorithm).
///
/// Time comes from outside, as the duration since a base that all callers share.
#[derive(Debug, Default)]
pub(crate) struct Rate(AtomicU64);

impl Rate {
    /// Whether one more may pass now, at this many in a second.
    pub(crate) fn admits(&self, now: Duration, per_second: u32) -> bool {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let Some(refill) = SECOND.checked_div(u64::from(per_second)) else { return false };
        let take = |full_at: u64| {
            let next = full_at.max(now).saturating_add(refill);
            (next <= now.saturating_add(SECOND)).then_some(next)
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(rate: &Rate, millis: u64, times: usize) -> usize {
        (0..times).filter(|_| rate.admits(Duration::from_millis(millis), 10)).count()
    }

    #[test]
    fn a_seconds_worth_passes_at_once_and_then_one_at_a_time() {
        let rate = Rate::default();
        let passed = [0, 0, 99, 100, 150, 1_100, 9_000].map(|millis| admitted(&rate, millis, 20));
        assert_eq!(passed, [10, 0, 0, 1, 0, 10, 10]);
    }

    #[test]
    fn nothing_passes_where_nothing_may() {
        assert!(!Rate::default().admits(Duration::from_secs(5), 0));
    }
}
