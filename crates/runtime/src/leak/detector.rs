//! The rules, put together.

use std::time::Duration;

use super::floor::Floor;
use super::sample::{Accounting, TaskSample, Voice};
use super::slope::Slope;
use super::state::{Growth, LeakState, Rule};

/// Width of the buckets and least growth per second of each trend. The quick one is for leaks that cannot wait five
/// minutes, and asks for more than a deploy adds while its traffic ramps up; the slow one evens out more noise.
const TRENDS: [(Duration, f64); 3] =
    [(Duration::from_secs(5), 2.0), (Duration::from_secs(10), 0.02), (Duration::from_secs(30), 0.02)];

/// How long a hint or an alarm outlives its cause: noise on a slow leak interrupts its trend, and a scrape should
/// not fall into the gap.
const HOLD: Duration = Duration::from_secs(300);

/// Samples closer than this are not looked at, which bounds the memory of a window.
const CLOSEST: Duration = Duration::from_millis(500);

/// Watches the number of tasks; give it a sample a second.
///
/// It holds about 3 KiB. Never panics.
#[derive(Debug)]
pub struct LeakDetector {
    accounting: Accounting,
    all: Slope,
    unexplained: Slope,
    floors: [Floor; TRENDS.len()],
    last: Option<Duration>,
    state: LeakState,
    until: Duration,
}

impl LeakDetector {
    /// A detector that has seen nothing.
    #[must_use]
    pub fn new(accounting: Accounting) -> Self {
        Self {
            accounting,
            all: Slope::default(),
            unexplained: Slope::default(),
            floors: TRENDS.map(|(width, least)| Floor::new(width, least)),
            last: None,
            state: LeakState::Quiet,
            until: Duration::ZERO,
        }
    }

    /// Takes a sample and says what it thinks now. A sample that is not later than the last one by half a second
    /// changes nothing.
    pub fn sample(&mut self, sample: TaskSample) -> LeakState {
        let TaskSample { at, alive, explained, young } = sample;
        if self.last.is_some_and(|last| at < last + CLOSEST) {
            return self.state;
        }
        self.last = Some(at);
        let unexplained = alive.saturating_sub(explained);
        let settled = unexplained.saturating_sub(young);

        let slope_of_all = self.all.push(at, alive);
        let slope = self.unexplained.push(at, unexplained);
        // Every floor takes the sample, also when one before it has found something.
        let trends = self.floors.each_mut().map(|floor| floor.push(at, settled));
        let trend = trends.into_iter().flatten().reduce(f64::max);

        let found = [
            (slope_of_all, Rule::Slope, Voice::Hint),
            (slope, Rule::Slope, self.accounting.voice(Rule::Slope)),
            (trend, Rule::Trend, self.accounting.voice(Rule::Trend)),
        ];
        let loudest = found
            .into_iter()
            .filter_map(|(growth, rule, voice)| Some((voice, Growth { per_second: growth?, rule })))
            .max_by_key(|(voice, _)| *voice);
        self.settle(
            at,
            match loudest {
                None => LeakState::Quiet,
                Some((Voice::Hint, growth)) => LeakState::Hint(growth),
                Some((Voice::Alarm, growth)) => LeakState::Alarm(growth),
            },
        );
        self.state
    }

    /// What it thought at the last sample.
    #[must_use]
    pub const fn state(&self) -> LeakState {
        self.state
    }

    /// Says the new thing if it is as loud as the old one, or if the old one has been held for long enough.
    fn settle(&mut self, at: Duration, now: LeakState) {
        if now.level() >= self.state.level() || at >= self.until {
            self.state = now;
            self.until = at + HOLD;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(second: u64, alive: u64) -> TaskSample {
        TaskSample { at: Duration::from_secs(second), alive, ..TaskSample::default() }
    }

    /// The loudest that is said over ten minutes.
    fn loudest(accounting: Accounting, at: impl Fn(u64) -> TaskSample) -> u64 {
        let mut detector = LeakDetector::new(accounting);
        (0..600).map(|second| detector.sample(at(second)).level()).max().unwrap_or_default()
    }

    #[test]
    fn each_accounting_lets_a_rule_say_as_much_as_it_can_know() {
        // Steep for a minute and over: too short for a trend. Slow for ten: too flat for a slope.
        let steep = |second: u64| sample(second, 10 * second.min(60));
        let slow = |second: u64| sample(second, second / 10);
        for (accounting, expected) in [
            (Accounting::Unknown, (1, 1)),
            (Accounting::Most, (2, 1)),
            (Accounting::Exact, (2, 2)),
            (Accounting::Site, (1, 2)),
        ] {
            assert_eq!((loudest(accounting, steep), loudest(accounting, slow)), expected, "{accounting:?}");
        }
    }

    #[test]
    fn explained_tasks_give_no_more_than_a_hint() {
        let explained = |second| TaskSample { explained: 10 * second, ..sample(second, 50 + 10 * second) };
        assert_eq!(loudest(Accounting::Exact, explained), 1);
    }

    #[test]
    fn young_tasks_are_no_trend() {
        let young = |second| TaskSample { young: second, ..sample(second, 50 + second) };
        assert_eq!(loudest(Accounting::Site, young), 0);
    }

    #[test]
    fn more_explained_than_alive_is_none_unexplained() {
        let odd = |second| TaskSample { explained: 10_000, young: 10_000, ..sample(second, second / 10) };
        assert_eq!(loudest(Accounting::Exact, odd), 0);
    }

    #[test]
    fn an_alarm_is_held_for_a_while_and_then_ends() {
        let mut detector = LeakDetector::new(Accounting::Exact);
        let alarms: Vec<u64> = (0..1_000)
            .filter(|second| detector.sample(sample(*second, 10 * second.min(&60))).is_alarm())
            .collect();
        let (first, last) = (alarms.first().copied(), alarms.last().copied());
        assert_eq!(first, Some(31));
        // Steep until its second half is no longer so, then held for five minutes.
        assert!(last.is_some_and(|last| (360..400).contains(&last)), "{last:?}");
        assert_eq!(alarms.len() as u64, last.unwrap_or_default() - 30, "without a gap");
    }

    #[test]
    fn samples_that_do_not_go_forward_are_not_looked_at() {
        let mut detector = LeakDetector::new(Accounting::Exact);
        for second in 0..600 {
            detector.sample(sample(second, 50));
            // A second caller with other ideas, and a clock that goes back.
            detector.sample(sample(second, 5 + 20 * second));
            detector.sample(sample(second / 2, 20 * second));
        }
        assert_eq!(detector.state(), LeakState::Quiet);
    }
}
