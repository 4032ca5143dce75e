//! A batch on its way, each part of which is counted in the end.

use super::counts::Reason;
use super::queue::Queue;

/// A batch that left the queue. Dropped on its way, as at an end that had no time, all of it counts as dropped.
#[derive(Debug)]
pub(crate) struct Batch<L> {
    queue: Queue<L>,
    items: Vec<L>,
    /// Those that are not counted yet.
    open: u64,
}

impl<L> Batch<L> {
    pub(crate) fn new(queue: Queue<L>, items: Vec<L>) -> Self {
        let open = items.len() as u64;
        Self { queue, items, open }
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.open as usize
    }

    /// All of them, once: encoded, they need not be kept.
    pub(crate) fn take_items(&mut self) -> Vec<L> {
        std::mem::take(&mut self.items)
    }

    /// It arrived, but for so many that the collector refused.
    pub(crate) fn exported(mut self, refused: u64) {
        let items = std::mem::take(&mut self.open);
        let refused = refused.min(items);
        self.queue.count(|counts| {
            counts.exported += items - refused;
            counts.drop(Reason::Refused, refused);
        });
    }

    /// It did not arrive, as far as can be told.
    pub(crate) fn dropped(mut self, reason: Reason) {
        let items = std::mem::take(&mut self.open);
        self.queue.count(|counts| counts.drop(reason, items));
    }
}

impl<L> Drop for Batch<L> {
    fn drop(&mut self) {
        let items = self.open;
        if items > 0 {
            self.queue.count(|counts| counts.drop(Reason::Shutdown, items));
        }
    }
}
