//! How many lines could not be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the lines that a [`JsonLayer`](crate::JsonLayer) lost: the writer failed or had no room, or the event came
/// from within the writing of a line, nested too deeply. Or those that a [`NonBlocking`](crate::NonBlocking) could not
/// bring to its sink. Clones share one count.
#[derive(Clone, Debug, Default)]
pub struct LostLines(Arc<AtomicU64>);

impl LostLines {
    /// Lines lost so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, lines: u64) {
        self.0.fetch_add(lines, Ordering::Relaxed);
    }
}
