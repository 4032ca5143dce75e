//! What a detector has to say.

/// Whether tasks leak.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LeakState {
    /// Nothing speaks for a leak.
    #[default]
    Quiet,
    /// Tasks grow in number, and there may be a good reason.
    Hint(Growth),
    /// Tasks grow in number as only a leak makes them grow.
    Alarm(Growth),
}

/// How fast tasks grow in number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Tasks a second.
    pub per_second: f64,
    /// The rule that found it.
    pub rule: Rule,
}

/// The rules of a detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Steep growth over half a minute.
    Slope,
    /// A low-water mark that only rises, over minutes.
    Trend,
}

impl LeakState {
    /// Whether this is an alarm.
    #[must_use]
    pub const fn is_alarm(self) -> bool {
        matches!(self, Self::Alarm(_))
    }

    /// The growth that was found.
    #[must_use]
    pub const fn growth(self) -> Option<Growth> {
        match self {
            Self::Quiet => None,
            Self::Hint(growth) | Self::Alarm(growth) => Some(growth),
        }
    }

    /// 0 for quiet, 1 for a hint, 2 for an alarm: the value of the metric.
    #[must_use]
    pub const fn level(self) -> u64 {
        match self {
            Self::Quiet => 0,
            Self::Hint(_) => 1,
            Self::Alarm(_) => 2,
        }
    }

    /// Tasks a second, 0 when quiet.
    #[must_use]
    pub fn per_second(self) -> f64 {
        self.growth().map_or(0.0, |growth| growth.per_second)
    }
}
