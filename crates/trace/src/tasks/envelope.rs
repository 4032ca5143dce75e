//! What travels with a message.

use std::time::Duration;

use tower_telemetry_core::Enqueued;

use super::continuation::Continuation;

/// What travels with a message: whose it is, and when it was handed over.
///
/// Alone it is for messages of others' types; [`Traced`](super::Traced) keeps it with a value.
#[derive(Debug, Clone)]
pub struct Envelope {
    continuation: Continuation,
    enqueued: Enqueued,
}

impl Envelope {
    /// Sealed here and now: with the exchange and the trace context that are current, and the time.
    #[must_use]
    pub fn seal() -> Self {
        Self::new(Continuation::capture(), Enqueued::now())
    }

    /// With these, as somebody else took them down.
    #[must_use]
    pub const fn new(continuation: Continuation, enqueued: Enqueued) -> Self {
        Self { continuation, enqueued }
    }

    /// What the receiver goes on with.
    #[must_use]
    pub const fn continuation(&self) -> &Continuation {
        &self.continuation
    }

    /// When the message was handed over.
    #[must_use]
    pub const fn enqueued(&self) -> Enqueued {
        self.enqueued
    }

    /// How long the message is under way by now.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.enqueued.waited()
    }

    /// What the receiver goes on with, alone.
    #[must_use]
    pub fn into_continuation(self) -> Continuation {
        self.continuation
    }
}

impl AsRef<Continuation> for Envelope {
    fn as_ref(&self) -> &Continuation {
        &self.continuation
    }
}
