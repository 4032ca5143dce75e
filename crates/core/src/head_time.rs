//! How long a response head took.

use std::time::Duration;

/// The time to a head, once there is one: half the size of an `Option<Duration>`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadTime(u64);

/// No head takes as long.
const UNKNOWN: u64 = u64::MAX;

impl HeadTime {
    pub(crate) const UNKNOWN: Self = Self(UNKNOWN);

    pub(crate) fn of(time: Duration) -> Self {
        Self(u64::try_from(time.as_nanos()).unwrap_or(UNKNOWN))
    }

    pub(crate) const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    pub(crate) const fn nanos(self) -> u64 {
        self.0
    }

    pub(crate) fn get(self) -> Option<Duration> {
        (self.0 != UNKNOWN).then(|| Duration::from_nanos(self.0))
    }
}
