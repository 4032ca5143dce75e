//! What is usual for one route: the threshold beyond which a call is slow.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, TryLockError};
use std::time::Duration;

use tower_telemetry_core::nanos;

use crate::sampling::histogram::{Histogram, quantile};
use crate::sampling::past::{FEW, FEWEST, Past};

/// A period is a minute, or as many as it takes to have [`FEWEST`] calls.
const MINUTE: u64 = 60_000_000_000;
/// No threshold yet.
const NONE: u64 = u64::MAX;

/// The latency of one route, as many threads record it and one of them, once a minute, evaluates it.
#[derive(Debug)]
pub(super) struct RouteLatency {
    current: Histogram,
    /// Calls so far, up to the length of the cold start.
    calls: AtomicU32,
    /// In nanoseconds; [`NONE`] before there is an estimate.
    threshold: AtomicU64,
    /// When the current period may end, in nanoseconds.
    ends: AtomicU64,
    /// The last minute in which an error was kept, plus one.
    error_minute: AtomicU64,
    past: Mutex<Past>,
}

/// What a call is, seen beside the others of its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Among the first of the route, while nothing is known of it.
    New,
    /// At or above the threshold.
    Slow,
    /// As the others are.
    Usual,
}

/// How thresholds are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// The share of the calls that are not slow.
    pub(super) quantile: f64,
    /// How many calls are new.
    pub(super) cold: u32,
}

impl RouteLatency {
    pub(super) fn new(now: Duration) -> Self {
        Self {
            current: Histogram::new(),
            calls: AtomicU32::new(0),
            threshold: AtomicU64::new(NONE),
            ends: AtomicU64::new(next_minute(nanos::saturating(now))),
            error_minute: AtomicU64::new(0),
            past: Mutex::new(Past::new()),
        }
    }

    /// What a call of this duration is; it is not recorded by that.
    pub(super) fn standing(&self, total: Duration, cold: u32) -> Standing {
        match self.threshold.load(Ordering::Relaxed) {
            NONE if self.calls.load(Ordering::Relaxed) < cold => Standing::New,
            threshold if nanos::saturating(total) >= threshold => Standing::Slow,
            _ => Standing::Usual,
        }
    }

    /// Records a call that ended at `now`.
    pub(super) fn record(&self, now: Duration, total: Duration, measure: Measure) {
        self.advance(nanos::saturating(now), measure);
        self.current.record(total);
        if self.calls.load(Ordering::Relaxed) < measure.cold
            && self.calls.fetch_add(1, Ordering::Relaxed) + 1 == measure.cold
        {
            self.end_cold_start(measure);
        }
    }

    /// Whether no error of this route was kept in the minute of `now`.
    pub(super) fn lacks_an_error(&self, now: Duration) -> bool {
        self.error_minute.load(Ordering::Relaxed) != nanos::saturating(now) / MINUTE + 1
    }

    /// An error of this route was kept.
    pub(super) fn has_an_error(&self, now: Duration) {
        self.error_minute.store(nanos::saturating(now) / MINUTE + 1, Ordering::Relaxed);
    }

    /// Ends the period if it is over and nobody else does.
    fn advance(&self, now: u64, measure: Measure) {
        if now < self.ends.load(Ordering::Relaxed) {
            return;
        }
        // Who comes meanwhile goes on with the threshold as it is: nobody waits here.
        let mut past = match self.past.try_lock() {
            Ok(past) => past,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if now < self.ends.load(Ordering::Relaxed) {
            return;
        }
        self.ends.store(next_minute(now), Ordering::Relaxed);
        if self.current.count() < FEWEST {
            return;
        }
        past.remember(&self.current.drain());
        if let Some(threshold) = past.threshold(measure.quantile) {
            self.threshold.store(nanos::saturating(threshold), Ordering::Relaxed);
        }
    }

    /// The first calls are there and no minute is over: they stand for it until then.
    fn end_cold_start(&self, measure: Measure) {
        if self.threshold.load(Ordering::Relaxed) != NONE || measure.cold < FEW {
            return;
        }
        let Ok(past) = self.past.try_lock() else { return };
        let mut counts = past.recent();
        self.current.add_to(&mut counts);
        if let Some(threshold) = quantile(&counts, measure.quantile) {
            self.threshold.store(nanos::saturating(threshold), Ordering::Relaxed);
        }
    }
}

/// The end of the minute, counted from the base.
const fn next_minute(now: u64) -> u64 {
    (now / MINUTE + 1).saturating_mul(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure { quantile: 0.9, cold: 60 };

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// `calls` calls in the minute, of 1 ms to `longest` ms, evenly.
    fn minute(route: &RouteLatency, minute: u64, calls: u64, longest: u64) {
        for call in 0..calls {
            let now = seconds(minute * 60) + Duration::from_nanos(call * (MINUTE / calls));
            route.record(now, Duration::from_micros(1000 * longest * (call + 1) / calls), MEASURE);
        }
    }

    fn threshold(route: &RouteLatency) -> Option<f64> {
        let threshold = route.threshold.load(Ordering::Relaxed);
        (threshold != NONE).then(|| threshold as f64 / 1e6)
    }

    /// Within a bucket, which is 8 % wide.
    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found / expected - 1.0).abs() < 0.08)
    }

    #[test]
    fn the_first_calls_are_new_and_then_stand_for_the_minute() {
        let route = RouteLatency::new(Duration::ZERO);
        for call in 1..=60 {
            assert_eq!(route.standing(millis(1), 60), Standing::New);
            route.record(seconds(1), millis(call), MEASURE);
        }
        assert!(near(threshold(&route), 54.0), "{:?}", threshold(&route));
        assert_eq!(route.standing(millis(50), 60), Standing::Usual);
        assert_eq!(route.standing(millis(58), 60), Standing::Slow);
    }

    #[test]
    fn without_a_cold_start_nothing_is_slow_before_the_first_minute_is_over() {
        let measure = Measure { cold: 0, ..MEASURE };
        let route = RouteLatency::new(Duration::ZERO);
        for call in 0..100 {
            route.record(millis(call), millis(10), measure);
        }
        assert_eq!(route.standing(seconds(100), 0), Standing::Usual);
        route.record(seconds(60), millis(10), measure);
        assert_eq!(route.standing(seconds(100), 0), Standing::Slow);
    }

    #[test]
    fn a_full_minute_speaks_for_itself() {
        let route = RouteLatency::new(Duration::ZERO);
        minute(&route, 0, 1000, 100);
        route.record(seconds(60), millis(1), MEASURE);
        assert!(near(threshold(&route), 90.0), "{:?}", threshold(&route));
    }

    #[test]
    fn the_threshold_is_the_least_of_five_minutes_so_that_an_incident_does_not_raise_its_own_bar() {
        let route = RouteLatency::new(Duration::ZERO);
        minute(&route, 0, 1000, 100);
        for incident in 1..=5 {
            minute(&route, incident, 1000, 1000);
            assert!(near(threshold(&route), 90.0), "minute {incident}: {:?}", threshold(&route));
        }
        // The sixth minute of it: slow is what is usual now.
        minute(&route, 6, 1000, 100);
        assert!(near(threshold(&route), 900.0), "{:?}", threshold(&route));
        // And the first one after it lowers the bar at once.
        route.record(seconds(420), millis(1), MEASURE);
        assert!(near(threshold(&route), 90.0), "{:?}", threshold(&route));
    }

    #[test]
    fn minutes_of_few_calls_are_judged_together() {
        let route = RouteLatency::new(Duration::ZERO);
        let measure = Measure { cold: 0, ..MEASURE };
        for call in 0..60_u64 {
            // Six calls a minute: not enough for an estimate before the ninth is over.
            route.record(seconds(call * 10), millis(call % 10 + 1), measure);
            assert_eq!(threshold(&route).is_some(), call >= 54, "call {call}");
        }
        assert!(near(threshold(&route), 9.0), "{:?}", threshold(&route));
    }

    #[test]
    fn a_route_of_a_call_a_minute_has_a_threshold_in_the_end() {
        let route = RouteLatency::new(Duration::ZERO);
        let measure = Measure { cold: 0, ..MEASURE };
        for call in 0..60 {
            route.record(seconds(call * 60), millis(10), measure);
        }
        assert!(near(threshold(&route), 10.0), "{:?}", threshold(&route));
    }

    #[test]
    fn one_error_of_a_minute_is_the_first() {
        let route = RouteLatency::new(Duration::ZERO);
        assert!(route.lacks_an_error(seconds(0)));
        route.has_an_error(seconds(0));
        assert!(!route.lacks_an_error(seconds(59)));
        assert!(route.lacks_an_error(seconds(60)));
    }
}
