//! How many were kept, for what reason.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::decide::Reason;

/// A count for each reason.
#[derive(Debug, Default)]
pub(super) struct Kept {
    head: AtomicU64,
    error: AtomicU64,
    slow: AtomicU64,
    forced: AtomicU64,
    new_route: AtomicU64,
    hint: AtomicU64,
}

impl Kept {
    pub(super) fn count(&self, reason: Reason) {
        self.counter(reason).fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn of(&self, reason: Reason) -> u64 {
        self.counter(reason).load(Ordering::Relaxed)
    }

    const fn counter(&self, reason: Reason) -> &AtomicU64 {
        match reason {
            Reason::Head => &self.head,
            Reason::Error => &self.error,
            Reason::Slow => &self.slow,
            Reason::Forced => &self.forced,
            Reason::NewRoute => &self.new_route,
            Reason::Hint => &self.hint,
        }
    }
}
