use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::observe::live::Live;
use crate::observe::{AsIs, MapBody, ResponseBody};
use crate::signal::Observer;

pin_project! {
    /// The future of an [`Observe`](crate::Observe).
    pub struct ResponseFuture<F, O: Observer, M = AsIs> {
        // Emptied when it is done, or in the drop: what it holds is dropped with the exchange current, and before
        // the ending is told.
        #[pin]
        inner: Option<F>,
        // Moves into the body with the response.
        live: Option<Live<O>>,
        map: PhantomData<fn() -> M>,
    }

    impl<F, O: Observer, M> PinnedDrop for ResponseFuture<F, O, M> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(live) = this.live {
                live.within(|running| running.guarded(|| this.inner.set(None)));
            }
        }
    }
}

impl<F, O: Observer, M> ResponseFuture<F, O, M> {
    pub(crate) fn new(inner: F, live: Live<O>) -> Self {
        Self { inner: Some(inner), live: Some(live), map: PhantomData }
    }
}

impl<F, R, E, O, M> Future for ResponseFuture<F, O, M>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: 'static,
    O: Observer,
    M: MapBody<ResponseBody<R, O>>,
{
    type Output = Result<Response<M::Body>, E>;

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
                let body = M::map_body(ResponseBody::new(body, this.live.take()));
                Poll::Ready(Ok(Response::from_parts(head, body)))
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

impl<F, O: Observer, M> fmt::Debug for ResponseFuture<F, O, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
