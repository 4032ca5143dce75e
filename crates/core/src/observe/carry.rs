use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::scope::{Lent, Scope};

/// Carries the current exchange, or the work that is current in its place, into a future that another task will poll.
pub trait Carry: Sized {
    /// This future, with the scope that is current now as its own.
    ///
    /// The scope alone: a carrier that also knows a trace context builds on this one.
    fn carry(self) -> Carried<Self> {
        self.carry_in(Scope::current())
    }

    /// This future, within this scope.
    fn carry_in(self, scope: Scope) -> Carried<Self> {
        Carried { inner: Some(self), scope }
    }
}

impl<F: Future> Carry for F {}

pin_project! {
    /// A future with a scope of its own, made by [`Carry::carry`].
    pub struct Carried<F> {
        // Emptied at its end or in the drop, either of which happens within the scope.
        #[pin]
        inner: Option<F>,
        scope: Scope,
    }

    impl<F> PinnedDrop for Carried<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _lent = Lent::new(this.scope);
            this.inner.set(None);
        }
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        let lent = Lent::new(this.scope);
        let output = std::task::ready!(inner.poll(cx));
        this.inner.set(None);
        drop(lent);
        // Whoever keeps a future that is over keeps no exchange with it.
        *this.scope = Scope::NOBODY;
        Poll::Ready(output)
    }
}

impl<F> fmt::Debug for Carried<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").field("scope", &self.scope).finish_non_exhaustive()
    }
}
