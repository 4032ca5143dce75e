//! The states of all detectors of a watch.

use std::time::Duration;

use super::report::{LeakReport, SiteReport};
use crate::leak::{Accounting, LeakDetector, TaskSample};
use crate::tasks::Tasks;

/// How long a task counts as young is three of these.
const EPOCH: Duration = Duration::from_secs(10);

/// How long a warning is not repeated.
const SILENCE: Duration = Duration::from_secs(600);

/// A detector for the runtime and one for each place.
#[derive(Debug)]
pub(super) struct Suspects {
    runtime: LeakDetector,
    sites: Vec<LeakDetector>,
    epoch: Duration,
    warned: Option<Duration>,
    report: LeakReport,
}

impl Suspects {
    pub(super) fn new(accounting: Accounting) -> Self {
        Self {
            runtime: LeakDetector::new(accounting),
            sites: Vec::new(),
            epoch: Duration::ZERO,
            warned: None,
            report: LeakReport::default(),
        }
    }

    /// Looks at a runtime with so many tasks alive, of which so many belong to connections that are not counted as
    /// tasks of a place.
    pub(super) fn look(&mut self, at: Duration, tasks: &Tasks, alive: u64, connections: u64) {
        if at >= self.epoch + EPOCH {
            self.epoch = at;
            tasks.next_epoch();
        }
        let counts = tasks.counts();
        self.sites.resize_with(counts.len(), || LeakDetector::new(Accounting::Site));
        let mut explained = connections;
        self.report.sites.clear();
        for ((site, counts), detector) in counts.into_iter().zip(&mut self.sites) {
            explained = explained.saturating_add(counts.connections);
            let sample =
                TaskSample { at, alive: counts.alive, explained: counts.connections, young: counts.young };
            let state = detector.sample(sample);
            if counts.started > 0 {
                let (location, alive, started) = (site.location(), counts.alive, counts.started);
                self.report.sites.push(SiteReport { location, alive, started, state });
            }
        }
        // The age of tasks that nobody counts is not known, so that of none is taken away.
        self.report.runtime = self.runtime.sample(TaskSample { at, alive, explained, young: 0 });
    }

    pub(super) fn report(&self) -> &LeakReport {
        &self.report
    }

    /// The report, if it is time to warn of it.
    pub(super) fn warning(&mut self, at: Duration) -> Option<LeakReport> {
        let alarm =
            self.report.runtime.is_alarm() || self.report.sites.iter().any(|site| site.state.is_alarm());
        let silent = self.warned.is_some_and(|warned| at < warned + SILENCE);
        (alarm && !silent).then(|| {
            self.warned = Some(at);
            self.report.clone()
        })
    }
}
