//! A future whose panic goes no further.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// Gives `Err` where the future panics. It is then to be dropped, not polled again.
    ///
    /// An `async` block drops what it holds while it is polled, so this catches what panics in destructors, too.
    pub(super) struct CatchPanic<F> {
        #[pin]
        inner: F,
    }
}

/// The future has panicked. What it said has been told by the panic hook.
#[derive(Debug)]
pub(super) struct Panicked;

impl<F> CatchPanic<F> {
    pub(super) const fn new(inner: F) -> Self {
        Self { inner }
    }
}

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let inner = self.project().inner;
        // Nobody looks at what a panic has left half done.
        match catch_unwind(AssertUnwindSafe(|| inner.poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(_told) => Poll::Ready(Err(Panicked)),
        }
    }
}
