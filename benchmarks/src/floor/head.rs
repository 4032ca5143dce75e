//! Without a body: what was sent is recorded when the head is there.

use std::{
    hint::black_box,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{HeaderMap, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{cell::Cell, ids::Ids};
use crate::measure::now;

/// The layer and, with an inner service, the service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head<S = ()> {
    inner: S,
    cell: Arc<Cell>,
}

pin_project! {
    #[derive(Debug)]
    pub(crate) struct HeadFuture<F> {
        #[pin]
        inner: F,
        cell: Arc<Cell>,
        start: Instant,
        ids: Ids,
    }
}

impl<S> Layer<S> for Head {
    type Service = Head<S>;

    fn layer(&self, inner: S) -> Head<S> {
        Head { inner, cell: Arc::default() }
    }
}

impl<S, I, O> Service<Request<I>> for Head<S>
where
    S: Service<Request<I>, Response = Response<O>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = HeadFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<I>) -> Self::Future {
        let start = now();
        self.cell.begin();
        let ids = Ids::of(&HeaderMap::new(), 0);
        HeadFuture { inner: self.inner.call(request), cell: Arc::clone(&self.cell), start, ids }
    }
}

impl<F, O, E> Future for HeadFuture<F>
where
    F: Future<Output = Result<Response<O>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(context));
        black_box(*this.ids);
        let status = response.as_ref().map_or(0, |response| response.status().as_u16());
        this.cell.end(status, this.start.elapsed());
        Poll::Ready(response)
    }
}
