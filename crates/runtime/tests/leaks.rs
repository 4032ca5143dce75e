//! How soon a leak is found, and that nothing else is taken for one, in simulated time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod support;

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;
use support::{BASE, SCENARIOS, Scenario, Tasks, poisson};
use tower_telemetry_runtime::leak::{Accounting, LeakDetector, LeakState, Rule, TaskSample};

const DAY: u64 = 86_400;

/// When the leaks begin: after a quiet time, and with bursts and deploys before and behind.
const BEGIN: u64 = 8_100;

/// How tasks are accounted for: the share of them that is explained, and whether their age is known.
type Books = (Accounting, f64, Ages);

#[derive(Clone, Copy, PartialEq)]
enum Ages {
    Known,
    Unknown,
}

/// A place whose tasks are counted by the crate.
const SITE: Books = (Accounting::Site, 0.0, Ages::Known);
const MOST: Books = (Accounting::Most, 0.95, Ages::Unknown);
const EXACT: Books = (Accounting::Exact, 1.0, Ages::Unknown);

/// What a detector says each second of a scenario.
fn run(
    (scenario, seed): (&Scenario, u64),
    (accounting, accounted, ages): Books,
    leak: f64,
    seconds: u64,
) -> impl Iterator<Item = (u64, LeakState)> {
    let mut random = Rng::with_seed(seed);
    let mut detector = LeakDetector::new(accounting);
    let (mut seen, mut unseen) = (Tasks::new(scenario, accounted), Tasks::new(scenario, 1.0 - accounted));
    let mut leaked = Leaked::default();
    (0..seconds).map(move |second| {
        let (explained, rest) = (seen.at(second, &mut random), unseen.at(second, &mut random));
        leaked.grow(if second > BEGIN { poisson(leak, &mut random) } else { 0 });
        let sample = TaskSample {
            at: Duration::from_secs(second),
            alive: BASE + explained + rest + leaked.total,
            explained,
            young: match ages {
                // A request of a fifth of a second is over long before it is thirty seconds old.
                Ages::Known if scenario.life <= 1.0 => rest + leaked.young(),
                Ages::Known => leaked.young(),
                Ages::Unknown => 0,
            },
        };
        (second, detector.sample(sample))
    })
}

/// Tasks that never end, and how many of them are young.
#[derive(Default)]
struct Leaked {
    total: u64,
    last: VecDeque<u64>,
}

impl Leaked {
    fn grow(&mut self, by: u64) {
        self.total += by;
        self.last.push_back(by);
        // Half a minute is the longest that a task may count as young.
        if self.last.len() > 30 {
            self.last.pop_front();
        }
    }

    fn young(&self) -> u64 {
        self.last.iter().sum()
    }
}

/// Seconds from the begin of a leak to the first hint and the first alarm.
fn found(scenario: &Scenario, seed: u64, books: Books, leak: f64) -> (Option<u64>, Option<u64>) {
    let (mut hint, mut alarm) = (None, None);
    for (second, state) in run((scenario, seed), books, leak, BEGIN + 700) {
        let after = second.checked_sub(BEGIN);
        assert!(after.is_some() || !state.is_alarm(), "{}: an alarm before the leak", scenario.name);
        if after.is_some() && state != LeakState::Quiet {
            hint = hint.or(after);
        }
        if state.is_alarm() {
            alarm = alarm.or(after);
        }
    }
    (hint, alarm)
}

/// Steady load, the day's wave, and bursts.
fn with_noise() -> impl Iterator<Item = (&'static Scenario, u64)> {
    SCENARIOS.iter().take(3).flat_map(|scenario| (1..=12).map(move |seed| (scenario, seed)))
}

#[test]
fn a_site_that_leaks_five_a_second_is_hinted_within_90_s_and_alarmed_within_180_s() {
    for (scenario, seed) in with_noise() {
        let (hint, alarm) = found(scenario, seed, SITE, 5.0);
        assert!(hint.is_some_and(|after| after <= 90), "{} {seed}: {hint:?}", scenario.name);
        assert!(alarm.is_some_and(|after| after <= 180), "{} {seed}: {alarm:?}", scenario.name);
    }
}

#[test]
fn a_site_that_leaks_one_task_in_ten_seconds_is_alarmed_within_ten_minutes() {
    for (scenario, seed) in with_noise() {
        let (_, alarm) = found(scenario, seed, SITE, 0.1);
        assert!(alarm.is_some_and(|after| after <= 600), "{} {seed}: {alarm:?}", scenario.name);
    }
}

#[test]
fn a_runtime_that_is_mostly_accounted_for_is_alarmed_by_slope_within_90_s() {
    for (scenario, seed) in with_noise() {
        let (_, alarm) = found(scenario, seed, MOST, 5.0);
        assert!(alarm.is_some_and(|after| after <= 90), "{} {seed}: {alarm:?}", scenario.name);
    }
}

#[test]
fn a_runtime_that_is_accounted_for_exactly_is_alarmed_of_any_leak() {
    for (scenario, seed) in with_noise() {
        for (leak, within) in [(5.0, 90), (0.1, 600)] {
            let (_, alarm) = found(scenario, seed, EXACT, leak);
            assert!(alarm.is_some_and(|after| after <= within), "{} {seed}: {alarm:?}", scenario.name);
        }
    }
}

#[test]
fn the_growth_that_is_told_is_that_of_the_leak() {
    for (scenario, seed) in with_noise() {
        let told = run((scenario, seed), EXACT, 2.0, BEGIN + 600).last();
        let growth = told.and_then(|(_, state)| state.growth()).unwrap();
        assert_eq!(growth.rule, Rule::Trend);
        assert!((1.5..2.5).contains(&growth.per_second), "{} {seed}: {growth:?}", scenario.name);
    }
}

/// Alarms in a day without a leak.
fn alarms(scenario: &Scenario, seed: u64, books: Books) -> usize {
    run((scenario, seed), books, 0.0, DAY).filter(|(_, state)| state.is_alarm()).count()
}

#[test]
fn no_day_without_a_leak_has_an_alarm_where_most_tasks_are_accounted_for() {
    for (scenario, seed) in SCENARIOS.iter().flat_map(|scenario| (1..=3).map(move |seed| (scenario, seed))) {
        assert_eq!(alarms(scenario, seed, MOST), 0, "{} {seed}", scenario.name);
    }
}

#[test]
fn no_day_without_a_leak_has_an_alarm_at_a_site_of_requests() {
    let requests = || SCENARIOS.iter().filter(|scenario| scenario.life < 1.0);
    for (scenario, seed) in requests().flat_map(|scenario| (1..=3).map(move |seed| (scenario, seed))) {
        assert_eq!(alarms(scenario, seed, SITE), 0, "{} {seed}", scenario.name);
    }
}

#[test]
fn no_day_of_noise_has_an_alarm_at_a_site_of_unknown_ages() {
    // Without the deploys: a ramp of traffic is told from a leak by the age of its tasks, and by nothing else.
    let noise =
        || SCENARIOS.iter().filter(|scenario| scenario.life < 1.0 && !scenario.name.contains("deploys"));
    for (scenario, seed) in noise().flat_map(|scenario| (1..=3).map(move |seed| (scenario, seed))) {
        let ageless = (Accounting::Site, 0.0, Ages::Unknown);
        assert_eq!(alarms(scenario, seed, ageless), 0, "{} {seed}", scenario.name);
    }
}

#[test]
fn no_day_without_a_leak_has_an_alarm_where_connections_are_accounted_for_exactly() {
    // Nothing random is left of the unexplained: one seed is as good as ten.
    for scenario in &SCENARIOS {
        assert_eq!(alarms(scenario, 1, EXACT), 0, "{}", scenario.name);
    }
}

#[test]
fn the_tide_of_a_thousand_tasks_is_no_leak() {
    let tide = Scenario {
        name: "a day of 500 to 2500 tasks",
        rate: |second| 1_500.0 + 1_000.0 * (std::f64::consts::TAU * second as f64 / 86_400.0).sin(),
        life: 1.0,
    };
    for seed in 1..=3 {
        assert_eq!(alarms(&tide, seed, (Accounting::Site, 0.0, Ages::Unknown)), 0, "{seed}");
    }
}

#[test]
fn connections_that_nobody_accounts_for_are_hinted_and_never_alarmed() {
    let websockets = SCENARIOS.iter().find(|scenario| scenario.name == "websockets").unwrap();
    let states: Vec<u64> = run((websockets, 1), (Accounting::Unknown, 0.0, Ages::Unknown), 0.0, DAY)
        .map(|(_, state)| state.level())
        .collect();
    assert!(states.contains(&1), "they look like a leak, and here is why accounting matters");
    assert!(!states.contains(&2));
}
