//! Spans on their way, each of which is counted in the end.

use opentelemetry_sdk::trace::SpanData;

use super::counts::Reason;
use super::queue::SpanQueue;

/// A batch that left the queue. Dropped on its way, as at an end that had no time, its spans count as dropped.
#[derive(Debug)]
pub(crate) struct Batch {
    queue: SpanQueue,
    spans: Vec<SpanData>,
    /// Those that are not counted yet.
    open: u64,
}

impl Batch {
    pub(crate) fn new(queue: SpanQueue, spans: Vec<SpanData>) -> Self {
        let open = spans.len() as u64;
        Self { queue, spans, open }
    }

    /// How many spans there are.
    pub(crate) const fn len(&self) -> usize {
        self.open as usize
    }

    /// The spans, once: encoded, they need not be kept.
    pub(crate) fn take_spans(&mut self) -> Vec<SpanData> {
        std::mem::take(&mut self.spans)
    }

    /// It arrived, but for so many that the collector refused.
    pub(crate) fn exported(mut self, refused: u64) {
        let spans = std::mem::take(&mut self.open);
        let refused = refused.min(spans);
        self.queue.count(|counts| {
            counts.exported += spans - refused;
            counts.drop(Reason::Refused, refused);
        });
    }

    /// It did not arrive, as far as can be told.
    pub(crate) fn dropped(mut self, reason: Reason) {
        let spans = std::mem::take(&mut self.open);
        self.queue.count(|counts| counts.drop(reason, spans));
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let spans = self.open;
        if spans > 0 {
            self.queue.count(|counts| counts.drop(Reason::Shutdown, spans));
        }
    }
}
