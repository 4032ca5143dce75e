//! How long a service lets its next request wait.

use std::task::Poll;
use std::time::{Duration, Instant};

/// Whether somebody waits for a service to be ready. The clock is read only where somebody does.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Readiness {
    /// Nobody has waited.
    #[default]
    Prompt,
    /// Somebody has waited since then.
    PendingSince(Instant),
    /// The next request has waited so long, since then.
    Waited(Instant, Duration),
}

impl Readiness {
    /// The service was asked, and answered so.
    pub(super) fn note<T>(&mut self, ready: &Poll<T>) {
        *self = match (ready, *self) {
            (Poll::Pending, Self::PendingSince(since)) => Self::PendingSince(since),
            #[allow(clippy::disallowed_methods, reason = "the start of a wait, which is no exchange yet")]
            (Poll::Pending, _) => Self::PendingSince(Instant::now()),
            (Poll::Ready(_), Self::PendingSince(since)) => Self::Waited(since, since.elapsed()),
            (Poll::Ready(_), readiness) => readiness,
        };
    }

    /// The wait of the request that comes now: since when, and for how long. The next one starts anew.
    pub(super) fn take(&mut self) -> Option<(Instant, Duration)> {
        match std::mem::take(self) {
            Self::Waited(since, waited) => Some((since, waited)),
            Self::Prompt | Self::PendingSince(_) => None,
        }
    }
}
