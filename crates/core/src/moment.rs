//! The clock that exchanges are measured by.

use std::cell::Cell;
use std::ops::Add;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::nanos;

/// A moment of a clock that never goes back and that nobody sets: all that is told of an exchange is counted by it.
///
/// One word, in nanoseconds since the program first looked; it lasts 584 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

/// So far from a look at the time of day it is counted on; then it is looked at again, since it may have been set.
const COUNTED_ON: u64 = 1_000_000_000;

#[allow(clippy::disallowed_methods, reason = "the one clock of exchanges")]
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

thread_local! {
    /// The last look of this thread at the time of day, and what it was, in nanoseconds since 1970.
    static LOOKED: Cell<Option<(Moment, u64)>> = const { Cell::new(None) };
}

impl Moment {
    /// This moment; the clock is read.
    #[must_use]
    #[inline]
    pub fn now() -> Self {
        Self(nanos::wrapping(START.elapsed()))
    }

    /// How long before it `earlier` was; zero if that was later.
    #[must_use]
    #[inline]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// How long before it the program first looked at the clock: a base that all moments share.
    #[must_use]
    #[inline]
    pub const fn since_start(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// The time of day that it was, since 1970 in UTC.
    ///
    /// It is counted from a look at that clock which this thread took less than a second before or after: where
    /// the clock was set meanwhile, it is told as if it had been set a second later.
    #[must_use]
    #[inline]
    pub fn time_of_day(self) -> Duration {
        let looked = LOOKED.try_with(Cell::get).ok().flatten();
        let near = looked.filter(|(at, _)| self.0.abs_diff(at.0) < COUNTED_ON);
        let (at, time) = near.unwrap_or_else(look);
        Duration::from_nanos(time.saturating_add(self.0).saturating_sub(at.0))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    #[inline]
    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(nanos::wrapping(later)))
    }
}

#[cold]
#[inline(never)]
#[allow(clippy::disallowed_methods, reason = "moments tell the time of day")]
fn look() -> (Moment, u64) {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let looked = (Moment::now(), nanos::wrapping(time));
    let _ = LOOKED.try_with(|kept| kept.set(Some(looked)));
    looked
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[allow(clippy::disallowed_methods, reason = "a test is its own clock")]
    fn now() -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
    }

    #[test]
    fn moments_follow_each_other() {
        let (first, second) = (Moment::now(), Moment::now());
        assert!(first <= second);
        assert_eq!(first + second.since(first), second);
        assert_eq!(first.since(first + SECOND), Duration::ZERO);
        assert_eq!((first + SECOND).since_start(), first.since_start() + SECOND);
    }

    #[test]
    fn the_time_of_day_of_now_is_what_the_clock_shows() {
        let before = now();
        let told = Moment::now().time_of_day();
        let after = now();
        // The two clocks are read one after the other.
        let slack = Duration::from_millis(100);
        assert!(before <= told + slack && told <= after + slack, "{before:?} {told:?} {after:?}");
    }

    #[test]
    fn times_of_day_are_as_far_apart_as_their_moments() {
        let moment = Moment::now() + Duration::from_secs(20);
        let base = Moment::now().time_of_day();
        for apart in [Duration::ZERO, Duration::from_nanos(1), Duration::from_millis(999)] {
            assert_eq!((Moment::now() + apart).time_of_day().saturating_sub(base).as_secs(), 0);
        }
        // Further than is counted on: the clock is looked at again, and the distance stays.
        let far = moment.time_of_day();
        let error = far.abs_diff(base + Duration::from_secs(20));
        assert!(error < Duration::from_millis(100), "{error:?}");
    }

    #[test]
    fn a_look_is_kept_for_a_second() {
        let moment = Moment::now();
        let _ = moment.time_of_day();
        let kept = LOOKED.get().unwrap();
        let _ = (kept.0 + Duration::from_millis(999)).time_of_day();
        assert_eq!(LOOKED.get(), Some(kept));
        let _ = (kept.0 + SECOND).time_of_day();
        assert_ne!(LOOKED.get(), Some(kept));
    }
}
