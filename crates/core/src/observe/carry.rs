use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::current::{Entered, current};
use crate::exchange::Exchange;

/// Carries the current exchange into a future that another task will poll.
pub trait Carry: Sized {
    /// This future, with the exchange that is current now as its own.
    ///
    /// The exchange alone: a carrier that also knows a trace context builds on this one.
    fn carry(self) -> Carried<Self> {
        Carried { inner: Some(self), exchange: current() }
    }
}

impl<F: Future> Carry for F {}

pin_project! {
    /// A future with an exchange of its own, made by [`Carry::carry`].
    pub struct Carried<F> {
        // Emptied only in the drop, which happens with the exchange current.
        #[pin]
        inner: Option<F>,
        exchange: Option<Arc<Exchange>>,
    }

    impl<F> PinnedDrop for Carried<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = Entered::new(this.exchange);
            this.inner.set(None);
        }
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else { return Poll::Pending };
        let _entered = Entered::new(this.exchange);
        inner.poll(cx)
    }
}

impl<F> fmt::Debug for Carried<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").field("exchange", &self.exchange).finish_non_exhaustive()
    }
}
