//! A future that is counted as a task.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::site::Member;

pin_project! {
    /// A future that is counted at the place that made it, until it is dropped.
    ///
    /// Made by [`counted`](crate::counted) and [`connection`](crate::connection).
    #[must_use = "futures do nothing unless polled"]
    pub struct Counted<F> {
        // Before its member: a task is alive until the last of its destructors has run.
        #[pin]
        inner: F,
        member: Member,
    }
}

impl<F> Counted<F> {
    pub(crate) fn new(inner: F, member: Member) -> Self {
        Self { inner, member }
    }
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().inner.poll(cx)
    }
}

impl<F> fmt::Debug for Counted<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counted").field("member", &self.member).finish_non_exhaustive()
    }
}
