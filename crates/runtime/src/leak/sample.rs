//! What a detector is told.

use std::time::Duration;

use super::state::Rule;

/// How many tasks there are at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskSample {
    /// When, since any fixed moment. Samples go forward in time, about one a second.
    pub at: Duration,
    /// Tasks that are alive.
    pub alive: u64,
    /// Those of them that belong to requests and connections in flight.
    pub explained: u64,
    /// Those of the rest that began less than half a minute ago, as far as it is known: they may yet end. 0 where
    /// it is not known.
    pub young: u64,
}

/// How well a sample's `explained` accounts for tasks that come and go by design, which decides what a rule may say.
///
/// | | slope of all | slope of the unexplained | trend of the unexplained |
/// |---|---|---|---|
/// | `Unknown` | hint | hint | hint |
/// | `Most` | hint | alarm | hint |
/// | `Exact` | hint | alarm | alarm |
/// | `Site` | hint | hint | alarm |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Accounting {
    /// Connections are not accounted for: any growth may be theirs.
    #[default]
    Unknown,
    /// At least 95 of 100 such tasks are accounted for.
    Most,
    /// All long-lived connections are accounted for. One in a thousand that is missed is enough for false alarms of
    /// the trend on a server of WebSockets.
    Exact,
    /// The tasks of one place that spawns them, those of connections and of young age accounted for. A burst of work
    /// may be steep. Without ages, traffic that ramps up over minutes may be taken for a leak.
    Site,
}

/// What a rule may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Voice {
    Hint,
    Alarm,
}

impl Accounting {
    /// What a rule may say about the unexplained tasks.
    pub(super) fn voice(self, rule: Rule) -> Voice {
        match (self, rule) {
            (Self::Exact, _) | (Self::Most, Rule::Slope) | (Self::Site, Rule::Trend) => Voice::Alarm,
            (Self::Unknown | Self::Most | Self::Site, _) => Voice::Hint,
        }
    }
}
