use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;
use tower_telemetry_core::{ResponseFuture, Signal};

type RouterFuture = <Router as Service<Request<Body>>>::Future;

pin_project! {
    /// The future of an [`Around`](crate::Around): the response with axum's own body type, which
    /// `axum::serve` demands.
    pub struct AroundFuture<S: Signal> {
        #[pin]
        inner: ResponseFuture<RouterFuture, S::Observer>,
    }
}

impl<S: Signal> AroundFuture<S> {
    pub(crate) const fn new(inner: ResponseFuture<RouterFuture, S::Observer>) -> Self {
        Self { inner }
    }
}

impl<S: Signal> Future for AroundFuture<S> {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.project().inner.poll(cx))?;
        Poll::Ready(Ok(response.map(Body::new)))
    }
}

impl<S: Signal> fmt::Debug for AroundFuture<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AroundFuture").finish_non_exhaustive()
    }
}
