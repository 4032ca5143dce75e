//! Steep and steady growth.

use std::collections::VecDeque;
use std::time::Duration;

/// How far apart the samples stand that are compared.
const WINDOW: Duration = Duration::from_secs(31);

/// What counts as steep, in tasks a second. A leak of five a second is random like the work that leaks: over one
/// window it shows as 5 +- 0.4, so a threshold of five itself would miss every second window.
const STEEP: f64 = 4.0;

/// The samples of the last window.
#[derive(Debug, Default)]
pub(super) struct Slope {
    samples: VecDeque<(Duration, u64)>,
}

impl Slope {
    /// Takes a sample that is later than the one before; gives the growth per second where it is steep.
    pub(super) fn push(&mut self, at: Duration, value: u64) -> Option<f64> {
        self.samples.push_back((at, value));
        let old = |sample: Option<&(Duration, u64)>| sample.is_some_and(|(then, _)| at >= *then + WINDOW);
        while old(self.samples.get(1)) {
            self.samples.pop_front();
        }
        let first = *self.samples.front().filter(|first| old(Some(first)))?;
        let half = first.0 + (at - first.0) / 2;
        let middle = *self.samples.get(self.samples.partition_point(|(then, _)| *then < half))?;
        let growth = per_second(first, (at, value))?;
        // A pool that starts at once is a step, not a slope: each half has to grow by itself.
        let steady = [per_second(first, middle)?, per_second(middle, (at, value))?];
        (growth > STEEP && steady.iter().all(|half| *half > STEEP / 2.0)).then_some(growth)
    }
}

fn per_second((from, before): (Duration, u64), (to, after): (Duration, u64)) -> Option<f64> {
    let seconds = to.checked_sub(from)?.as_secs_f64();
    (seconds > 0.0).then(|| (after as f64 - before as f64) / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first second at which a level is called steep, and how steep.
    fn first_steep(level: impl Fn(u64) -> u64) -> Option<(u64, f64)> {
        let mut slope = Slope::default();
        (0..300).find_map(|second| Some((second, slope.push(Duration::from_secs(second), level(second))?)))
    }

    #[test]
    fn steady_growth_is_told_after_one_window() {
        assert_eq!(first_steep(|second| 7 + 5 * second), Some((31, 5.0)));
    }

    #[test]
    fn growth_of_four_a_second_is_not_steep() {
        assert_eq!(first_steep(|second| 4 * second), None);
    }

    #[test]
    fn a_step_is_not_a_slope() {
        assert_eq!(first_steep(|second| if second < 100 { 5 } else { 5_000 }), None);
    }

    #[test]
    fn a_falling_level_is_not_steep() {
        assert_eq!(first_steep(|second| 10_000 - 20 * second), None);
    }

    #[test]
    fn after_a_hole_growth_is_told_over_the_time_that_passed() {
        let mut slope = Slope::default();
        for second in 0..40 {
            assert_eq!(slope.push(Duration::from_secs(second), 0), None);
        }
        // 310 more tasks in 310 seconds are one a second, however few samples there were.
        assert_eq!(slope.push(Duration::from_secs(349), 310), None);
    }

    #[test]
    fn no_more_than_a_window_is_kept() {
        let mut slope = Slope::default();
        for second in 0..10_000 {
            slope.push(Duration::from_secs(second), second);
        }
        assert_eq!(slope.samples.len(), 32);
    }
}
