//! The share of busy time, from a sum of busy time.

use std::time::Duration;

/// What was read last, and the share since the time before.
#[derive(Debug, Default)]
pub(crate) struct Busy {
    last: Option<(Duration, Duration)>,
    share: Option<f64>,
}

impl Busy {
    /// Takes the busy time of all workers together at a moment. The first says nothing: the time since the runtime
    /// began is not the time since the last look.
    pub(crate) fn sample(&mut self, at: Duration, total: Duration, workers: usize) {
        if let Some((then, before)) = self.last {
            let passed = at.saturating_sub(then).as_secs_f64() * workers as f64;
            if passed <= 0.0 {
                return;
            }
            // A worker adds its time up when it parks: a long poll arrives late and all at once.
            self.share = Some((total.saturating_sub(before).as_secs_f64() / passed).min(1.0));
        }
        self.last = Some((at, total));
    }

    pub(crate) fn share(&self) -> Option<f64> {
        self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_first_look_gives_no_share() {
        let mut busy = Busy::default();
        busy.sample(seconds(1), seconds(3_600), 4);
        assert_eq!(busy.share(), None);
    }

    #[test]
    fn the_share_is_that_of_the_time_between_two_looks() {
        let mut busy = Busy::default();
        busy.sample(seconds(10), seconds(100), 4);
        busy.sample(seconds(12), seconds(102), 4);
        assert_eq!(busy.share(), Some(0.25));
    }

    #[test]
    fn a_long_poll_that_is_told_late_gives_no_more_than_all() {
        let mut busy = Busy::default();
        busy.sample(seconds(10), seconds(0), 1);
        busy.sample(seconds(11), seconds(8), 1);
        assert_eq!(busy.share(), Some(1.0));
    }

    #[test]
    fn two_looks_at_one_moment_count_as_one() {
        let mut busy = Busy::default();
        busy.sample(seconds(1), seconds(0), 1);
        busy.sample(seconds(1), seconds(1), 1);
        assert_eq!(busy.share(), None);
    }
}
