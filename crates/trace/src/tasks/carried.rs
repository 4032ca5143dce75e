//! A future that takes its exchange and its trace context along.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tower_telemetry_core::{Carried as InScope, Carry};

use super::continuation::Continuation;

pin_project! {
    /// A future with an exchange and a trace context of its own, in which it is polled and dropped.
    ///
    /// Made by [`InExchange::in_exchange`](crate::InExchange::in_exchange), [`Continuation::carry`] and
    /// [`Traced::run`](super::Traced::run). When it is over, it keeps neither.
    #[must_use = "futures do nothing unless polled"]
    pub struct Carried<F> {
        // Emptied only in the drop, which happens within the context.
        #[pin]
        inner: Option<InScope<F>>,
        context: Option<opentelemetry::Context>,
    }

    impl<F> PinnedDrop for Carried<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _attached = this.context.take().map(opentelemetry::Context::attach);
            this.inner.set(None);
        }
    }
}

impl<F: Future> Carried<F> {
    pub(crate) fn new(inner: F, continuation: Continuation) -> Self {
        let (scope, context) = continuation.into_parts();
        Self { inner: Some(inner.carry_in(scope)), context: Some(context) }
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else { return Poll::Pending };
        let attached = this.context.clone().map(opentelemetry::Context::attach);
        // When it is over, it has dropped what it was made of.
        let output = ready!(inner.poll(cx));
        drop(attached);
        *this.context = None;
        Poll::Ready(output)
    }
}

impl<F> fmt::Debug for Carried<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").field("inner", &self.inner).finish_non_exhaustive()
    }
}
