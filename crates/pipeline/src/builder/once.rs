//! That a set-up which takes a global is the first.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::InitError;

/// Whether a set-up has installed its subscriber.
static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Refuses where an earlier set-up was here: before anything else, such as its own port, is found in the way.
pub(super) fn first() -> Result<(), InitError> {
    if INSTALLED.load(Ordering::Relaxed) { Err(InitError::Subscriber) } else { Ok(()) }
}

/// Notes that this one was.
pub(super) fn done() {
    INSTALLED.store(true, Ordering::Relaxed);
}
