//! All four windows, at their least.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    body::{FullBody, Running},
    cell::Cell,
    ids::{Ids, TRACEPARENT, hex},
};
use crate::measure::now;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The layer and, with an inner service, the service. One trace of a hundred is sampled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Full<S = ()> {
    inner: S,
    cell: Arc<Cell>,
}

pin_project! {
    #[derive(Debug)]
    pub(crate) struct FullFuture<F> {
        #[pin]
        inner: F,
        running: Option<Running>,
    }
}

impl<S> Layer<S> for Full {
    type Service = Full<S>;

    fn layer(&self, inner: S) -> Full<S> {
        Full { inner, cell: Arc::default() }
    }
}

impl<S, I, O> Service<Request<I>> for Full<S>
where
    S: Service<Request<I>, Response = Response<O>>,
{
    type Response = Response<FullBody<O>>;
    type Error = S::Error;
    type Future = FullFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<I>) -> Self::Future {
        let start = now();
        self.cell.begin();
        let ids = Ids::of(request.headers(), u64::MAX / 100);
        request.extensions_mut().insert(ids);
        let running = Running { cell: Arc::clone(&self.cell), start, ids, status: 0 };
        FullFuture { inner: self.inner.call(request), running: Some(running) }
    }
}

impl<F, O, E> Future for FullFuture<F>
where
    F: Future<Output = Result<Response<O>, E>>,
{
    type Output = Result<Response<FullBody<O>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context))?;
        let mut running = this.running.take();
        if let Some(running) = &mut running {
            running.status = response.status().as_u16();
            answer(running.ids, response.headers_mut());
        }
        Poll::Ready(Ok(response.map(|body| FullBody::new(body, running))))
    }
}

/// Two headers whose values share one allocation.
fn answer(ids: Ids, headers: &mut http::HeaderMap) {
    let (mut request, mut context) = ([0; 32], [0; 55]);
    hex(ids.request.to_be_bytes(), &mut request);
    ids.traceparent(&mut context);
    let mut both = [0; 87];
    both[..32].copy_from_slice(&request);
    both[32..].copy_from_slice(&context);
    let both = Bytes::copy_from_slice(&both);
    for (name, value) in [(&REQUEST_ID, both.slice(..32)), (&TRACEPARENT, both.slice(32..))] {
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.insert(name.clone(), value);
        }
    }
}
