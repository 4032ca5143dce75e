//! How a scripted service answers one call.

use http::Response;

use crate::body::ScriptedBody;
use crate::body_step::ScriptedError;

/// How a [`Scripted`](crate::Scripted) service answers one call.
#[derive(Debug, Clone)]
pub struct Reply<B = ScriptedBody, E = ScriptedError> {
    pub(crate) pendings: usize,
    pub(crate) act: Act<B, E>,
}

#[derive(Debug, Clone)]
pub(crate) enum Act<B, E> {
    Answer(Result<Response<B>, E>),
    Never,
    PanicInCall,
    PanicInFuture,
}

impl<B, E> Reply<B, E> {
    /// Gives this response.
    #[must_use]
    pub fn response(response: Response<B>) -> Self {
        Self::of(Act::Answer(Ok(response)))
    }

    /// Fails with this error.
    #[must_use]
    pub fn error(error: E) -> Self {
        Self::of(Act::Answer(Err(error)))
    }

    /// Stays pending for ever, and wakes nobody.
    #[must_use]
    pub fn never() -> Self {
        Self::of(Act::Never)
    }

    /// Panics in `call`, before there is a future. No panic hook runs.
    #[must_use]
    pub fn panic_in_call() -> Self {
        Self::of(Act::PanicInCall)
    }

    /// Panics when the future is polled. No panic hook runs.
    #[must_use]
    pub fn panic_in_future() -> Self {
        Self::of(Act::PanicInFuture)
    }

    /// Does so only after its future was pending this many times; each time it wakes its task at once.
    #[must_use]
    pub fn after_pending(self, times: usize) -> Self {
        Self { pendings: times, ..self }
    }

    const fn of(act: Act<B, E>) -> Self {
        Self { pendings: 0, act }
    }
}
