//! A future with a span of its own.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tower_telemetry_core::Ending;

use super::carried::Carried;
use super::work_span::WorkSpan;

pin_project! {
    /// A future with a span of its own, made by [`WorkSpan::run`].
    #[must_use = "futures do nothing unless polled"]
    pub struct WorkFuture<F> {
        // Emptied before the span ends.
        #[pin]
        inner: Option<Carried<F>>,
        span: WorkSpan,
        // Set while foreign code runs: if it is set in the drop, that code panicked.
        polling: bool,
    }

    impl<F> PinnedDrop for WorkFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.inner.set(None);
            this.span.end(if *this.polling { Ending::Panicked } else { Ending::Dropped });
        }
    }
}

impl<F: Future> WorkFuture<F> {
    pub(crate) fn new(inner: F, span: WorkSpan) -> Self {
        Self { inner: Some(span.continuation().carry(inner)), span, polling: false }
    }
}

impl<F: Future> Future for WorkFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        *this.polling = true;
        let polled = inner.poll(cx);
        *this.polling = false;
        if polled.is_ready() {
            this.inner.set(None);
            this.span.end(Ending::Complete);
        }
        polled
    }
}

impl<F> fmt::Debug for WorkFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkFuture").field("span", &self.span).finish_non_exhaustive()
    }
}
