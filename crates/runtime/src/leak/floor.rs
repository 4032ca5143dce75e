//! A low-water mark that only rises.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::time::Duration;

/// How many buckets a trend is told from.
const BUCKETS: usize = 30;

/// What the Mann-Kendall statistic has to exceed; 30 values that rise throughout give 7.7.
const CERTAIN: f64 = 6.0;

/// The same for the later half, which has to rise by itself (5.1 at most): a ramp that came to its end is none.
const GOES_ON: f64 = 3.5;

/// Growth per second, as a share of the level, below which a rise is a tide of traffic: a level that takes hours to
/// double. A leak that slow would not stand out of the noise of such a level in any case.
const TIDE: f64 = 1.5e-4;

/// The lowest values of the last buckets.
#[derive(Debug)]
pub(super) struct Floor {
    width: Duration,
    least: f64,
    open: Option<Bucket>,
    closed: VecDeque<Bucket>,
    /// How many pairs of closed buckets rise, less those that fall.
    rises: i32,
    trend: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    number: u128,
    low: u64,
}

impl Floor {
    /// A floor in buckets of this width that tells growth above `least` tasks a second.
    pub(super) fn new(width: Duration, least: f64) -> Self {
        Self { width, least, open: None, closed: VecDeque::with_capacity(BUCKETS + 1), rises: 0, trend: None }
    }

    /// Takes a sample that is later than the one before; gives the growth per second where the floor only rises.
    pub(super) fn push(&mut self, at: Duration, value: u64) -> Option<f64> {
        let number = at.as_nanos() / self.width.as_nanos().max(1);
        match &mut self.open {
            Some(bucket) if bucket.number == number => bucket.low = bucket.low.min(value),
            open => {
                if let Some(full) = open.replace(Bucket { number, low: value }) {
                    self.close(full);
                    self.trend = self.judge();
                }
            }
        }
        self.trend
    }

    fn close(&mut self, full: Bucket) {
        self.rises += self.closed.iter().map(|earlier| earlier.rise_to(full)).sum::<i32>();
        self.closed.push_back(full);
        if self.closed.len() > BUCKETS
            && let Some(gone) = self.closed.pop_front()
        {
            self.rises -= self.closed.iter().map(|later| gone.rise_to(*later)).sum::<i32>();
        }
    }

    fn judge(&mut self) -> Option<f64> {
        if self.closed.len() < BUCKETS || mann_kendall(self.rises, BUCKETS) <= CERTAIN {
            return None;
        }
        let buckets = self.closed.make_contiguous();
        let (before, after) = buckets.split_at(BUCKETS / 2);
        if mann_kendall(rises(after), after.len()) <= GOES_ON {
            return None;
        }
        let level = median(before);
        // By their numbers, so that buckets without a sample count as time that passed.
        let apart = (middle(after) - middle(before)) * self.width.as_secs_f64();
        let growth = (median(after) - level) / apart;
        (growth > self.least.max(level * TIDE)).then_some(growth)
    }
}

impl Bucket {
    /// 1 for a rise, -1 for a fall.
    fn rise_to(self, later: Self) -> i32 {
        match later.low.cmp(&self.low) {
            Ordering::Greater => 1,
            Ordering::Equal => 0,
            Ordering::Less => -1,
        }
    }
}

/// The statistic z of the test for a monotonic trend (Mann 1945, Kendall 1975), without a correction for ties: they
/// make it smaller.
fn mann_kendall(rises: i32, count: usize) -> f64 {
    let count = count as f64;
    let deviation = (count * (count - 1.0) * (2.0 * count + 5.0) / 18.0).sqrt();
    f64::from(rises - rises.signum()) / deviation
}

/// Pairs that rise, less those that fall.
fn rises(buckets: &[Bucket]) -> i32 {
    let earlier = |at| buckets.iter().take(at);
    buckets.iter().enumerate().flat_map(|(at, later)| earlier(at).map(|one| one.rise_to(*later))).sum()
}

fn median(buckets: &[Bucket]) -> f64 {
    let mut lows: Vec<u64> = buckets.iter().map(|bucket| bucket.low).collect();
    lows.sort_unstable();
    lows.get(lows.len() / 2).copied().unwrap_or_default() as f64
}

/// The number of the middle bucket, where the median of values that rise lies.
fn middle(buckets: &[Bucket]) -> f64 {
    buckets.get(buckets.len() / 2).map_or(0.0, |bucket| bucket.number as f64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const WIDTH: Duration = Duration::from_secs(10);

    fn first_trend(level: impl Fn(u64) -> u64) -> Option<(u64, f64)> {
        let mut floor = Floor::new(WIDTH, 0.02);
        (0..3_000).find_map(|second| Some((second, floor.push(Duration::from_secs(second), level(second))?)))
    }

    #[test]
    fn a_floor_that_rises_is_told_with_its_growth() {
        let (second, growth) = first_trend(|second| second / 10).unwrap();
        assert_eq!(second, 300, "as soon as there are thirty buckets");
        assert!((growth - 0.1).abs() < 1e-9, "{growth}");
    }

    #[test]
    fn peaks_leave_the_floor_alone() {
        assert_eq!(first_trend(|second| if second % 10 == 3 { 20 } else { 1_000 + second }), None);
    }

    #[test]
    fn a_rise_too_slow_for_the_least_is_not_told() {
        assert_eq!(first_trend(|second| second / 51), None);
    }

    #[test]
    fn the_tide_of_a_high_level_is_not_told() {
        // Three tasks in ten seconds: a leak in an idle process, the morning in a busy one.
        assert!(first_trend(|second| 100 + second * 3 / 10).is_some());
        assert_eq!(first_trend(|second| 10_000 + second * 3 / 10), None);
    }

    #[test]
    fn a_step_is_not_a_trend() {
        assert_eq!(first_trend(|second| if second < 500 { 10 } else { 500 }), None);
    }

    #[test]
    fn a_ramp_that_came_to_its_end_is_not_a_trend() {
        // Ramp and plateau together rise with z = 7 for minutes; the plateau alone does not.
        let mut floor = Floor::new(WIDTH, 0.02);
        let mut told =
            |second: u64| floor.push(Duration::from_secs(second), second.clamp(500, 700)).is_some();
        let last = (0..1_000).filter(|second| told(*second)).last();
        assert!(last.is_some_and(|last| (600..800).contains(&last)), "{last:?}");
    }

    #[test]
    fn a_hole_between_samples_is_time_that_passed() {
        let mut floor = Floor::new(WIDTH, 0.02);
        let trend = (0..3_000)
            .filter(|second| !(100..1_000).contains(second))
            .find_map(|second| floor.push(Duration::from_secs(second), second / 10));
        let growth = trend.unwrap();
        assert!((growth - 0.1).abs() < 1e-9, "{growth}");
    }

    #[test]
    fn the_statistic_of_a_sliding_window_is_that_of_its_pairs() {
        let mut floor = Floor::new(WIDTH, 0.02);
        let mut random: u64 = 1;
        for number in 0..200 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            floor.close(Bucket { number, low: random >> 60 });
            assert_eq!(floor.rises, rises(floor.closed.make_contiguous()));
        }
    }

    #[test]
    fn thirty_values_that_only_rise_give_the_greatest_statistic() {
        let mut floor = Floor::new(WIDTH, 0.02);
        (0..30).for_each(|low| floor.close(Bucket { number: low.into(), low }));
        assert!((mann_kendall(floor.rises, BUCKETS) - 7.743).abs() < 1e-3);
    }
}
