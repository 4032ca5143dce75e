use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::observe::ResponseBody;
use crate::observe::live::Live;
use crate::signal::Observer;

pin_project! {
    /// The future of an [`Observe`](crate::Observe).
    pub struct ResponseFuture<F, O: Observer> {
        // Emptied when it is done, or in the drop: what it holds is dropped with the exchange current, and before
        // the ending is told.
        #[pin]
        inner: Option<F>,
        // Moves into the body with the response.
        live: Option<Live<O>>,
    }

    impl<F, O: Observer> PinnedDrop for ResponseFuture<F, O> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(live) = this.live {
                live.within(|running| running.guarded(|| this.inner.set(None)));
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
        // Polled after it was done, which a future may answer with waiting for ever.
        let Some(live) = this.live else { return Poll::Pending };
        // By hand what `within` and `guarded` do: a response is large, and would be copied out of each closure.
        let (entered, running) = live.enter();
        let guard = running.guard();
        let panicked = std::mem::replace(&mut running.polling, true);
        let polled = match this.inner.as_mut().as_pin_mut() {
            Some(inner) => inner.poll(cx),
            None => return Poll::Pending,
        };
        if polled.is_ready() {
            this.inner.set(None);
        }
        running.polling = panicked;
        match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(response)) => {
                let (mut head, body) = response.into_parts();
                running.respond(&mut head, &body);
                drop(guard);
                drop(entered);
                Poll::Ready(Ok(Response::from_parts(head, ResponseBody::new(body, this.live.take()))))
            }
            Poll::Ready(Err(error)) => {
                running.fail(&error);
                drop(guard);
                drop(entered);
                *this.live = None;
                Poll::Ready(Err(error))
            }
        }
    }
}

impl<F, O: Observer> fmt::Debug for ResponseFuture<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
