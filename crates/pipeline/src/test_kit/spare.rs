//! A dispatcher that hears nothing.

use std::sync::OnceLock;

use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;

/// Keeps one more dispatcher than there are tests.
///
/// While a process has a single dispatcher, `tracing` asks that of the thread which first meets an event whether it will
/// ever be wanted, and remembers the answer for all threads. In a binary of tests that thread may be another test's.
pub(super) fn keep() {
    static SPARE: OnceLock<[Dispatch; 2]> = OnceLock::new();
    SPARE.get_or_init(|| [Dispatch::new(NoSubscriber::new()), Dispatch::new(NoSubscriber::new())]);
}
