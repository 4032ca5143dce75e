//! How long to wait before another attempt.

use std::time::Duration;

use super::failure::Advice;

/// A few attempts, further and further apart. What still fails then is part of the next export.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) attempts: u32,
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

impl Default for Backoff {
    /// About fifteen seconds in all.
    fn default() -> Self {
        Self { attempts: 5, first: Duration::from_secs(1), longest: Duration::from_secs(10) }
    }
}

impl Backoff {
    /// One attempt.
    pub(crate) const NONE: Self = Self { attempts: 1, first: Duration::ZERO, longest: Duration::ZERO };

    /// The wait after so many failed attempts; `None` to give up, as when the collector asks for more patience
    /// than there is.
    pub(crate) fn wait(&self, failed: u32, advice: Advice) -> Option<Duration> {
        if failed >= self.attempts {
            return None;
        }
        match advice {
            Advice::GiveUp => None,
            Advice::RetryAfter(asked) => (asked <= self.longest).then_some(asked),
            Advice::Retry => {
                let doubled = self.first.saturating_mul(1 << failed.saturating_sub(1).min(16));
                // Programs that lost one collector together shall not come back together.
                Some(doubled.min(self.longest).mul_f64(0.5 + fastrand::f64() / 2.0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_wait_is_about_double_the_one_before_up_to_the_longest() {
        let backoff = Backoff { attempts: 9, ..Backoff::default() };
        for (failed, full) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (8, 10)] {
            let wait = backoff.wait(failed, Advice::Retry).unwrap_or_default();
            assert!(wait >= full * SECOND / 2 && wait <= full * SECOND, "{failed}: {wait:?}");
        }
    }

    #[test]
    fn attempts_come_to_an_end() {
        assert!(Backoff::default().wait(4, Advice::Retry).is_some());
        assert_eq!(Backoff::default().wait(5, Advice::Retry), None);
        assert_eq!(Backoff::NONE.wait(1, Advice::RetryAfter(Duration::ZERO)), None);
    }

    #[test]
    fn the_collector_says_when_and_whether() {
        let backoff = Backoff::default();
        assert_eq!(backoff.wait(1, Advice::RetryAfter(3 * SECOND)), Some(3 * SECOND));
        assert_eq!(backoff.wait(1, Advice::RetryAfter(60 * SECOND)), None);
        assert_eq!(backoff.wait(1, Advice::GiveUp), None);
    }
}
