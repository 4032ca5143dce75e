//! The time that a store goes by.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};

/// Where a [`Store`](super::Store) reads the time: when a series was made, when an exemplar was recorded, what
/// lies within the last minute. Recording a counter, a gauge or a duration reads no clock.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
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
    start: SystemTime,
    nanos: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Source {
    // The monotonic start: ages must not jump with the wall clock.
    System(Instant),
    Manual(ManualClock),
}

impl Clock {
    /// The clock of the machine.
    #[allow(clippy::disallowed_methods, reason = "the one place of the store that reads a clock")]
    pub fn system() -> Self {
        Self { source: Source::System(Instant::now()) }
    }

    /// The time of day.
    #[allow(clippy::disallowed_methods, reason = "the one place of the store that reads a clock")]
    pub(crate) fn now(&self) -> SystemTime {
        match &self.source {
            Source::System(_) => SystemTime::now(),
            Source::Manual(manual) => manual.start + manual.elapsed(),
        }
    }

    #[allow(dead_code, reason = "gauges are about to tell extremes")]
    /// The time since the clock was made, which never goes back.
    pub(crate) fn elapsed(&self) -> Duration {
        match &self.source {
            Source::System(start) => start.elapsed(),
            Source::Manual(manual) => manual.elapsed(),
        }
    }
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: SystemTime) -> Self {
        Self { start, nanos: Arc::default() }
    }

    /// The clock to give to a store. It follows this one.
    pub fn clock(&self) -> Clock {
        Clock { source: Source::Manual(self.clone()) }
    }

    /// Moves the clock and all that follow it.
    pub fn advance(&self, by: Duration) {
        self.nanos.fetch_add(u64::try_from(by.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Relaxed))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}
