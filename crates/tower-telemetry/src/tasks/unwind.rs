//! A future whose panic goes no further.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// Gives `Err` where the future panics, and then drops it.
    pub(super) struct CatchPanic<F> {
        #[pin]
        inner: Option<F>,
    }
}

/// The future has panicked. What it said has been told by the panic hook.
#[derive(Debug)]
pub(super) struct Panicked;

impl<F> CatchPanic<F> {
    pub(super) const fn new(inner: F) -> Self {
        Self { inner: Some(inner) }
    }
}

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        // Whatever the panic left half done is dropped at once, and nobody looks at it.
        match catch_unwind(AssertUnwindSafe(|| inner.poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(_told) => {
                let _ = catch_unwind(AssertUnwindSafe(|| this.inner.set(None)));
                Poll::Ready(Err(Panicked))
            }
        }
    }
}
