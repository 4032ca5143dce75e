//! What became of each span, told on `/metrics`.

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Descriptor, Sample, Store};

use super::queue::SpanQueue;

const FINISHED: Descriptor = Descriptor::of(metric::OTLP_SPANS_FINISHED);
const EXPORTED: Descriptor = Descriptor::of(metric::OTLP_SPANS_EXPORTED);
const DROPPED: Descriptor = Descriptor::of(metric::OTLP_SPANS_DROPPED);
const WAITING: Descriptor = Descriptor::of(metric::OTLP_SPANS_WAITING);
const CAPACITY: Descriptor = Descriptor::of(metric::OTLP_SPANS_CAPACITY);

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

/// Why no collector has a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// More spans ended than could be exported.
    QueueFull,
    /// The collector was away, or had no time, until patience ended.
    Unreachable,
    /// The collector does not want it.
    Refused,
    /// It ended after the end, or there was no time left.
    Shutdown,
}

impl Counts {
    pub(crate) const fn drop(&mut self, reason: Reason, spans: u64) {
        let count = match reason {
            Reason::QueueFull => &mut self.dropped.queue_full,
            Reason::Unreachable => &mut self.dropped.unreachable,
            Reason::Refused => &mut self.dropped.refused,
            Reason::Shutdown => &mut self.dropped.shutdown,
        };
        *count += spans;
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
pub(crate) fn tell(queue: SpanQueue, store: &Store) {
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let counts = queue.counts();
        out(Sample::counter(&FINISHED, &[], counts.finished));
        out(Sample::counter(&EXPORTED, &[], counts.exported));
        let Dropped { queue_full, unreachable, refused, shutdown } = counts.dropped;
        let reasons = [
            ("queue_full", queue_full),
            ("unreachable", unreachable),
            ("refused", refused),
            ("shutdown", shutdown),
        ];
        for (reason, count) in reasons {
            out(Sample::counter(&DROPPED, &[(attribute::REASON, reason)], count));
        }
        out(Sample::gauge(&WAITING, &[], counts.waiting()));
        out(Sample::gauge(&CAPACITY, &[], queue.capacity() as u64));
    });
}
