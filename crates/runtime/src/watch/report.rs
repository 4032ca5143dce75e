//! What a watch found.

use std::panic::Location;

use tower_telemetry_core::names::OTHER;

use crate::leak::LeakState;

/// Whether tasks leak, and where they are spawned.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LeakReport {
    /// The runtime as a whole.
    pub runtime: LeakState,
    /// The places that spawn counted tasks, in the order in which they were first met.
    pub sites: Vec<SiteReport>,
}

/// One place that spawns counted tasks.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SiteReport {
    /// The place; `None` stands for all places beyond those kept.
    pub location: Option<&'static Location<'static>>,
    /// Its tasks that are alive.
    pub alive: u64,
    /// Its tasks that ever began.
    pub started: u64,
    /// Whether they leak.
    pub state: LeakState,
}

impl LeakReport {
    /// The place that most likely leaks: of those with an alarm the one that grows fastest, else of those with a
    /// hint.
    #[must_use]
    pub fn suspect(&self) -> Option<&SiteReport> {
        let growing = self.sites.iter().filter(|site| site.state != LeakState::Quiet);
        growing.max_by(|one, other| {
            let (one, other) = (one.state, other.state);
            one.level().cmp(&other.level()).then(one.per_second().total_cmp(&other.per_second()))
        })
    }
}

impl SiteReport {
    /// The place as its metrics name it: `file:line:column`, or `_OTHER`.
    #[must_use]
    pub fn site(&self) -> String {
        self.location.map_or_else(|| OTHER.to_owned(), ToString::to_string)
    }
}
