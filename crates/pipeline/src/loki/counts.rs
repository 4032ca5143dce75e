//! What became of each line, told on `/metrics`.

use std::sync::Arc;

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Descriptor, Sample, Store};

use super::level::{LEVELS, Lines, NAMES};
use super::queue::Queue;

const PUSHES: Descriptor = Descriptor::of(metric::LOKI_PUSHES);
const TOLD: Descriptor = Descriptor::of(metric::LOKI_LINES_TOLD);
const PUSHED: Descriptor = Descriptor::of(metric::LOKI_LINES_PUSHED);
const DROPPED: Descriptor = Descriptor::of(metric::LOKI_LINES_DROPPED);
const WAITING: Descriptor = Descriptor::of(metric::LOKI_LINES_WAITING);
const QUEUE_SIZE: Descriptor = Descriptor::of(metric::LOKI_QUEUE_SIZE);
const QUEUE_CAPACITY: Descriptor = Descriptor::of(metric::LOKI_QUEUE_CAPACITY);
const SPOOL_SIZE: Descriptor = Descriptor::of(metric::LOKI_SPOOL_SIZE);
const SPOOL_DAMAGED: Descriptor = Descriptor::of(metric::LOKI_SPOOL_DAMAGED);
const SPOOL_FAILURES: Descriptor = Descriptor::of(metric::LOKI_SPOOL_FAILURES);

const REASONS: usize = 6;

/// Numbers that are read at one moment: what was told is the sum of all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) told: Lines,
    pub(crate) pushed: Lines,
    dropped: [Lines; REASONS],
    pub(crate) pushes: Pushes,
    pub(crate) spool: SpoolCounts,
}

/// Attempts, by what they came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pushes {
    pub(crate) success: u64,
    pub(crate) retry: u64,
    pub(crate) refused: u64,
}

/// What is known of the spool, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpoolCounts {
    pub(crate) size: u64,
    pub(crate) damaged: u64,
    pub(crate) failures: u64,
}

/// Why Loki has not got a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// More lines were told than could be pushed.
    QueueFull,
    /// Loki was away, or had no time, until patience ended.
    Unreachable,
    /// Loki does not want it.
    Refused,
    /// It was told after the end, or there was no time left.
    Shutdown,
    /// The spool had no room for what waits longest.
    SpoolFull,
    /// It waited so long that Loki would refuse it.
    Expired,
}

impl Reason {
    pub(crate) const ALL: [Self; REASONS] =
        [Self::QueueFull, Self::Unreachable, Self::Refused, Self::Shutdown, Self::SpoolFull, Self::Expired];

    const fn name(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Shutdown => "shutdown",
            Self::SpoolFull => "spool_full",
            Self::Expired => "expired",
        }
    }
}

impl Counts {
    pub(crate) fn push(&mut self, lines: &Lines) {
        add(&mut self.pushed, lines);
    }

    pub(crate) fn drop(&mut self, reason: Reason, lines: &Lines) {
        if let Some(dropped) = self.dropped.get_mut(reason as usize) {
            add(dropped, lines);
        }
    }

    /// By level.
    pub(crate) fn dropped(&self, reason: Reason) -> Lines {
        self.dropped.get(reason as usize).copied().unwrap_or_default()
    }

    /// Those that wait or are on their way, by level.
    pub(crate) fn waiting(&self) -> Lines {
        let mut waiting = self.told;
        for gone in std::iter::once(&self.pushed).chain(&self.dropped) {
            for (waiting, gone) in waiting.iter_mut().zip(gone) {
                *waiting = waiting.saturating_sub(*gone);
            }
        }
        waiting
    }
}

/// Adds lines of each level.
pub(crate) fn add(to: &mut Lines, lines: &Lines) {
    to.iter_mut().zip(lines).for_each(|(to, lines)| *to += lines);
}

/// One line of this level.
pub(crate) fn one(weight: usize) -> Lines {
    let mut lines = [0; LEVELS];
    if let Some(count) = lines.get_mut(weight) {
        *count = 1;
    }
    lines
}

/// Tells them on `/metrics`, as long as the store lives.
pub(crate) fn tell(queue: Arc<Queue>, store: &Store) {
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let counts = queue.counts();
        let sum = |lines: Lines| lines.iter().sum::<u64>();
        out(Sample::counter(&TOLD, &[], sum(counts.told)));
        out(Sample::counter(&PUSHED, &[], sum(counts.pushed)));
        for reason in Reason::ALL {
            for (level, lines) in NAMES.iter().zip(counts.dropped(reason)) {
                let labels = [(attribute::LEVEL, *level), (attribute::REASON, reason.name())];
                out(Sample::counter(&DROPPED, &labels, lines));
            }
        }
        out(Sample::gauge(&WAITING, &[], sum(counts.waiting())));
        let Pushes { success, retry, refused } = counts.pushes;
        for (outcome, pushes) in [("success", success), ("retry", retry), ("refused", refused)] {
            out(Sample::counter(&PUSHES, &[(attribute::OUTCOME, outcome)], pushes));
        }
        out(Sample::gauge(&QUEUE_SIZE, &[], queue.size() as u64));
        out(Sample::gauge(&QUEUE_CAPACITY, &[], queue.capacity() as u64));
        let SpoolCounts { size, damaged, failures } = counts.spool;
        out(Sample::gauge(&SPOOL_SIZE, &[], size));
        out(Sample::counter(&SPOOL_DAMAGED, &[], damaged));
        out(Sample::counter(&SPOOL_FAILURES, &[], failures));
    });
}
