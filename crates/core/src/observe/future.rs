use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::observe::ResponseBody;
use crate::observe::live::Live;
use crate::signal::Observer;

pin_project! {
    /// The future of an [`Observe`](crate::Observe).
    pub struct ResponseFuture<F, O: Observer> {
        // Emptied only in the drop, so that what it holds is dropped before the ending is told.
        #[pin]
        inner: Option<F>,
        // Moves into the body with the response.
        live: Option<Live<O>>,
    }

    impl<F, O: Observer> PinnedDrop for ResponseFuture<F, O> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(live) = this.live {
                live.within(|_| this.inner.set(None));
            }
        }
    }
}

impl<F, O: Observer> ResponseFuture<F, O> {
    pub(crate) fn new(inner: F, live: Live<O>) -> Self {
        Self { inner: Some(inner), live: Some(live) }
    }
}

impl<F, R, E, O> Future for ResponseFuture<F, O>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: 'static,
    O: Observer,
{
    type Output = Result<Response<ResponseBody<R, O>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // Only the drop empties it.
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        let Some(live) = this.live else {
            // Polled after completion: what that means is for the inner future to say.
            return inner.poll(cx).map_ok(|response| response.map(ResponseBody::unobserved));
        };
        let result = ready!(live.within(|running| {
            let mut polled = running.guarded(|| inner.poll(cx));
            match &mut polled {
                Poll::Ready(Ok(response)) => running.respond(response),
                Poll::Ready(Err(error)) => running.fail(error),
                Poll::Pending => {}
            }
            polled
        }));
        let live = this.live.take();
        Poll::Ready(result.map(|response| response.map(|body| ResponseBody::new(body, live))))
    }
}

impl<F, O: Observer> fmt::Debug for ResponseFuture<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
