use std::time::{Duration, Instant, SystemTime};

/// When something began to wait: for a worker, in a queue, with a broker.
///
/// In this process it is measured by the monotonic clock. What another process tells is a time of day
/// (milliseconds since 1970, UTC), and a wait by it is as good as the two clocks agree.
///
/// ```
/// use tower_telemetry_core::Enqueued;
///
/// let enqueued = Enqueued::now();
/// assert!(enqueued.waited().as_secs() < 3600);
///
/// let elsewhere = Enqueued::from_unix_millis(1_767_225_600_000);
/// assert_eq!(elsewhere.unix_millis(), 1_767_225_600_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued(At);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Here(Instant),
    Elsewhere { unix_millis: u64 },
}

impl Enqueued {
    /// The wait begins.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the start of a wait, which is no exchange")]
    pub fn now() -> Self {
        Self::at(Instant::now())
    }

    /// The wait began then.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self(At::Here(instant))
    }

    /// The wait began then, as another process tells.
    #[must_use]
    pub const fn from_unix_millis(unix_millis: u64) -> Self {
        Self(At::Elsewhere { unix_millis })
    }

    /// When the wait began, for another process.
    #[must_use]
    pub fn unix_millis(&self) -> u64 {
        match self.0 {
            At::Here(instant) => unix_millis_now().saturating_sub(millis(instant.elapsed())),
            At::Elsewhere { unix_millis } => unix_millis,
        }
    }

    /// How long the wait is by now; zero where another's clock is ahead of ours.
    #[must_use]
    pub fn waited(&self) -> Duration {
        match self.0 {
            At::Here(instant) => instant.elapsed(),
            At::Elsewhere { unix_millis } => {
                Duration::from_millis(unix_millis_now().saturating_sub(unix_millis))
            }
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "what another process can compare with is a time of day")]
fn unix_millis_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, millis)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test is its own clock")]
    fn a_wait_in_this_process_is_told_to_another() {
        let minute = Duration::from_secs(60);
        let Some(then) = Instant::now().checked_sub(minute) else { return };
        let here = Enqueued::at(then);
        assert!(here.waited() >= minute);
        let there = Enqueued::from_unix_millis(here.unix_millis());
        assert!(there.waited() >= minute && there.waited() < minute * 2, "{:?}", there.waited());
    }

    #[test]
    fn a_clock_that_is_ahead_makes_no_negative_wait() {
        assert_eq!(Enqueued::from_unix_millis(u64::MAX).waited(), Duration::ZERO);
        assert_eq!(Enqueued::from_unix_millis(u64::MAX).unix_millis(), u64::MAX);
    }
}
