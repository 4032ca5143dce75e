//! The manifest: the orders that leave with one truck.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tower_telemetry::Continuation;

/// Orders on one truck.
const FULL: usize = 25;

/// Whose orders were shipped since the last truck left.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    shipped: Mutex<Vec<Continuation>>,
}

impl Manifest {
    pub(super) fn add(&self, order: Continuation) {
        self.shipped().push(order);
    }

    /// What was shipped, once that is a truck full.
    pub(super) fn take_if_full(&self) -> Option<Vec<Continuation>> {
        let mut shipped = self.shipped();
        (shipped.len() >= FULL).then(|| std::mem::take(&mut *shipped))
    }

    pub(super) fn take(&self) -> Vec<Continuation> {
        std::mem::take(&mut *self.shipped())
    }

    fn shipped(&self) -> MutexGuard<'_, Vec<Continuation>> {
        // No code panics while it holds the lock, so what a poisoned lock guards is whole.
        self.shipped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
