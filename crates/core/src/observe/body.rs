use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::observe::live::Live;
use crate::signal::Observer;

pin_project! {
    /// The response body of an [`Observe`](crate::Observe): the same frames, size hint and end.
    pub struct ResponseBody<B, O: Observer> {
        // Emptied only in the drop, so that what it holds is dropped before the ending is told.
        #[pin]
        inner: Option<B>,
        live: Option<Live<O>>,
    }

    impl<B, O: Observer> PinnedDrop for ResponseBody<B, O> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(live) = this.live {
                live.within(|running| running.guarded(|| this.inner.set(None)));
            }
        }
    }
}

impl<B, O: Observer> ResponseBody<B, O> {
    pub(crate) fn new(inner: B, live: Option<Live<O>>) -> Self {
        Self { inner: Some(inner), live }
    }

    pub(crate) fn unobserved(inner: B) -> Self {
        Self::new(inner, None)
    }
}

impl<B, O> Body for ResponseBody<B, O>
where
    B: Body,
    B::Error: 'static,
    O: Observer,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let Some(mut inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let Some(live) = this.live else { return inner.poll_frame(cx) };
        // By hand what `within` and `guarded` do: a frame is large, and would be copied out of each closure.
        let (_entered, running) = live.enter();
        let _guard = running.guard();
        let panicked = std::mem::replace(&mut running.polling, true);
        let mut polled = inner.as_mut().poll_frame(cx);
        running.polling = panicked;
        if let Poll::Ready(next) = &mut polled {
            running.next(next.as_mut().map(Result::as_mut), || inner.is_end_stream());
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(SizeHint::default, Body::size_hint)
    }
}

/// An empty body that nobody observes: what layers further out answer with by themselves.
impl<B: Default, O: Observer> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self::unobserved(B::default())
    }
}

impl<B, O: Observer> fmt::Debug for ResponseBody<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
