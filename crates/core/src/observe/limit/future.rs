use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::observe::limit::passage::Through;
use crate::observe::limit::{Admission, LimitWatch};

pin_project! {
    /// The future of a [`Limited`](crate::observe::limit::Limited).
    pub struct LimitFuture<F, W: LimitWatch> {
        #[pin]
        inner: F,
        turned_away: TurnedAway<W>,
    }
}

pin_project! {
    /// The future of an [`Admitted`](crate::observe::limit::Admitted): it holds the permit until it is done or dropped.
    pub struct AdmittedFuture<F, P> {
        #[pin]
        inner: F,
        permit: Option<P>,
    }
}

/// Tells what became of a request that did not come through, once.
struct TurnedAway<W: LimitWatch> {
    watch: W,
    through: Option<Through>,
}

impl<F, W: LimitWatch> LimitFuture<F, W> {
    /// Calls with the request under way: the call may panic.
    pub(super) fn new(watch: W, through: Through, call: impl FnOnce() -> F) -> Self {
        let turned_away = TurnedAway { watch, through: Some(through) };
        Self { inner: call(), turned_away }
    }
}

impl<F: Future, W: LimitWatch> Future for LimitFuture<F, W> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let output = ready!(this.inner.poll(cx));
        this.turned_away.tell(Admission::Refused);
        Poll::Ready(output)
    }
}

impl<F, P> AdmittedFuture<F, P> {
    pub(super) const fn new(inner: F, permit: P) -> Self {
        Self { inner, permit: Some(permit) }
    }
}

impl<F: Future, P> Future for AdmittedFuture<F, P> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let output = ready!(this.inner.poll(cx));
        this.permit.take();
        Poll::Ready(output)
    }
}

impl<W: LimitWatch> TurnedAway<W> {
    fn tell(&mut self, admission: Admission) {
        if self.through.take().is_some_and(|through| !through.is_through()) {
            self.watch.turn_away(admission);
        }
    }
}

impl<W: LimitWatch> Drop for TurnedAway<W> {
    fn drop(&mut self) {
        self.tell(Admission::Abandoned);
    }
}

impl<F, W: LimitWatch> fmt::Debug for LimitFuture<F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LimitFuture").finish_non_exhaustive()
    }
}

impl<F, P> fmt::Debug for AdmittedFuture<F, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdmittedFuture").finish_non_exhaustive()
    }
}
