//! A service that follows a script, and insists on being asked whether it is ready.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http::{Request, Response, request};
use tower_service::Service;

use crate::body::ScriptedBody;
use crate::body_step::ScriptedError;
use crate::reply::{Act, Reply};

/// A service that answers each call with the next [`Reply`] of its script.
///
/// Clones share the script, but each must be polled ready by itself: a `call` on a service that was not polled ready
/// panics, as tower allows every service to do, and so does a call beyond the end of the script. Both are mistakes of
/// the caller, so these panics go through the panic hook.
#[derive(Debug)]
pub struct Scripted<B = ScriptedBody, E = ScriptedError> {
    script: Arc<Mutex<Script<B, E>>>,
    readiness: Readiness,
}

#[derive(Debug)]
struct Script<B, E> {
    replies: VecDeque<Reply<B, E>>,
    heads: Vec<request::Parts>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readiness {
    Unasked,
    Ready,
}

impl<B, E> Scripted<B, E> {
    /// A service that gives these replies, one for each call.
    pub fn new(replies: impl IntoIterator<Item = Reply<B, E>>) -> Self {
        let script = Script { replies: replies.into_iter().collect(), heads: Vec::new() };
        Self { script: Arc::new(Mutex::new(script)), readiness: Readiness::Unasked }
    }

    /// The same service, but one that cannot be cloned.
    #[must_use]
    pub fn not_clone(self) -> NotClone<Self> {
        NotClone(self)
    }

    /// The heads of the requests that came so far, in their order.
    #[must_use]
    pub fn heads(&self) -> Vec<request::Parts> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).heads.clone()
    }
}

impl<B, E> Clone for Scripted<B, E> {
    fn clone(&self) -> Self {
        Self { script: Arc::clone(&self.script), readiness: Readiness::Unasked }
    }
}

impl<Q, B, E> Service<Request<Q>> for Scripted<B, E> {
    type Response = Response<B>;
    type Error = E;
    type Future = ScriptedFuture<B, E>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.readiness = Readiness::Ready;
        Poll::Ready(Ok(()))
    }

    #[track_caller]
    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let readiness = std::mem::replace(&mut self.readiness, Readiness::Unasked);
        assert!(readiness == Readiness::Ready, "the service was called without being polled ready");
        let reply = {
            let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
            script.heads.push(request.into_parts().0);
            script.replies.pop_front()
        };
        let Some(reply) = reply else { mistake("the service was called more often than its script says") };
        if matches!(reply.act, Act::PanicInCall) {
            resume_unwind(Box::new("the script says panic in call"));
        }
        ScriptedFuture { pendings: reply.pendings, act: Some(reply.act) }
    }
}

/// The future of a [`Scripted`] service.
#[derive(Debug)]
pub struct ScriptedFuture<B, E> {
    pendings: usize,
    act: Option<Act<B, E>>,
}

// Nothing in it is pinned.
impl<B, E> Unpin for ScriptedFuture<B, E> {}

impl<B, E> Future for ScriptedFuture<B, E> {
    type Output = Result<Response<B>, E>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(left) = self.pendings.checked_sub(1) {
            self.pendings = left;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match self.act.take() {
            Some(Act::Answer(answer)) => Poll::Ready(answer),
            Some(Act::Never) => {
                self.act = Some(Act::Never);
                Poll::Pending
            }
            Some(Act::PanicInCall | Act::PanicInFuture) => {
                resume_unwind(Box::new("the script says panic in the future"))
            }
            None => mistake("the future was polled after it was done"),
        }
    }
}

/// A service that cannot be cloned, whatever it wraps: layers must not ask for `Clone`.
#[derive(Debug)]
pub struct NotClone<S>(S);

impl<Q, S: Service<Q>> Service<Q> for NotClone<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Q) -> S::Future {
        self.0.call(request)
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "a test made a mistake")]
fn mistake(what: &str) -> ! {
    panic!("{what}")
}
