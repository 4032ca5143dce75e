//! The time that a store goes by.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use tower_telemetry_core::{Exchange, Moment, Outcome, nanos};

/// Where a [`Store`](super::Store) reads the time: when a series was made, when an exemplar was recorded, what
/// lies within the last minute. Recording a number or a duration reads no clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    // A word, not an enum of instants: every counter carries one.
    manual: Option<Arc<Manual>>,
}

/// A clock that stands still until it is moved, for tests.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tower_telemetry_metrics::{ManualClock, Store};
///
/// let time = ManualClock::new(SystemTime::UNIX_EPOCH);
/// let store = Store::with_clock(time.clock());
/// time.advance(Duration::from_secs(60));
/// # let _ = store;
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    manual: Arc<Manual>,
}

#[derive(Debug)]
struct Manual {
    start: SystemTime,
    nanos: AtomicU64,
}

impl Clock {
    /// The clock of the machine.
    pub const fn system() -> Self {
        Self { manual: None }
    }

    /// The time of day.
    #[allow(clippy::disallowed_methods, reason = "the one place of the store that reads a clock")]
    pub(crate) fn now(&self) -> SystemTime {
        match &self.manual {
            None => SystemTime::now(),
            Some(manual) => manual.start + manual.elapsed(),
        }
    }

    /// The time since some start, which never goes back: the wall clock may.
    pub(crate) fn elapsed(&self) -> Duration {
        match &self.manual {
            None => Moment::now().since_start(),
            Some(manual) => manual.elapsed(),
        }
    }

    /// The same at the arrival of this exchange, for which the clock of the machine was read already.
    #[inline]
    pub(crate) fn at_arrival(&self, exchange: &Exchange) -> Duration {
        match &self.manual {
            None => exchange.arrived().since_start(),
            Some(manual) => manual.elapsed(),
        }
    }

    /// The same at the end of this exchange.
    #[inline]
    pub(crate) fn at_end(&self, exchange: &Exchange, outcome: &Outcome) -> Duration {
        match &self.manual {
            None => exchange.ended(outcome).since_start(),
            Some(manual) => manual.elapsed(),
        }
    }
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: SystemTime) -> Self {
        Self { manual: Arc::new(Manual { start, nanos: AtomicU64::new(0) }) }
    }

    /// The clock to give to a store. It follows this one.
    pub fn clock(&self) -> Clock {
        Clock { manual: Some(Arc::clone(&self.manual)) }
    }

    /// Moves the clock and all that follow it.
    pub fn advance(&self, by: Duration) {
        self.manual.nanos.fetch_add(nanos::saturating(by), Relaxed);
    }
}

impl Manual {
    fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Relaxed))
    }
}
