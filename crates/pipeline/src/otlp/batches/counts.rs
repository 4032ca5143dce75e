//! What became of each, told on `/metrics`.

use tower_telemetry_core::names::attribute;
use tower_telemetry_metrics::{Descriptor, Sample, Store};

use super::load::{CountNames, Load};
use super::queue::Queue;

/// Numbers that are read at one moment: `finished` is the sum of all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) finished: u64,
    pub(crate) exported: u64,
    pub(crate) dropped: Dropped,
}

/// By the reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) queue_full: u64,
    pub(crate) unreachable: u64,
    pub(crate) refused: u64,
    pub(crate) shutdown: u64,
}

/// Why no collector has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// More came than could be exported.
    QueueFull,
    /// The collector was away, or had no time, until patience ended.
    Unreachable,
    /// The collector does not want it.
    Refused,
    /// It came after the end, or there was no time left.
    Shutdown,
}

impl Counts {
    pub(crate) const fn drop(&mut self, reason: Reason, items: u64) {
        let count = match reason {
            Reason::QueueFull => &mut self.dropped.queue_full,
            Reason::Unreachable => &mut self.dropped.unreachable,
            Reason::Refused => &mut self.dropped.refused,
            Reason::Shutdown => &mut self.dropped.shutdown,
        };
        *count += items;
    }

    /// Those that wait, or are on their way.
    pub(crate) const fn waiting(&self) -> u64 {
        self.finished - self.exported - self.dropped.total()
    }
}

impl Dropped {
    pub(crate) const fn total(&self) -> u64 {
        let Self { queue_full, unreachable, refused, shutdown } = self;
        *queue_full + *unreachable + *refused + *shutdown
    }
}

/// Tells them on `/metrics`, as long as the store lives.
pub(crate) fn tell<L: Load>(queue: Queue<L>, store: &Store) {
    let CountNames { finished, exported, dropped, waiting, capacity } = L::COUNTS;
    let [finished, exported, dropped, waiting, capacity] =
        [finished, exported, dropped, waiting, capacity].map(Descriptor::of);
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let counts = queue.counts();
        out(Sample::counter(&finished, &[], counts.finished));
        out(Sample::counter(&exported, &[], counts.exported));
        let Dropped { queue_full, unreachable, refused, shutdown } = counts.dropped;
        let reasons = [
            ("queue_full", queue_full),
            ("unreachable", unreachable),
            ("refused", refused),
            ("shutdown", shutdown),
        ];
        for (reason, count) in reasons {
            out(Sample::counter(&dropped, &[(attribute::REASON, reason)], count));
        }
        out(Sample::gauge(&waiting, &[], counts.waiting()));
        out(Sample::gauge(&capacity, &[], queue.capacity() as u64));
    });
}
