//! The access line that the sets of peers have, with the ids of its request: by hand, and without a box.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use axum::extract::MatchedPath;
use http::{Method, Request, Response};
use opentelemetry::trace::TraceContextExt;
use pin_project_lite::pin_project;
use tower_http::request_id::RequestId;
use tower_layer::Layer;
use tower_service::Service;

use crate::measure::now;

/// Stands within the request id and the span.
#[derive(Debug, Clone, Default)]
pub(super) struct Access<S = ()> {
    inner: S,
}

pin_project! {
    #[derive(Debug)]
    pub(super) struct AccessFuture<F> {
        #[pin]
        inner: F,
        start: Instant,
        method: Method,
        route: Option<MatchedPath>,
        request_id: Option<RequestId>,
    }
}

impl<S> Layer<S> for Access {
    type Service = Access<S>;

    fn layer(&self, inner: S) -> Access<S> {
        Access { inner }
    }
}

impl<S, I, O> Service<Request<I>> for Access<S>
where
    S: Service<Request<I>, Response = Response<O>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AccessFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<I>) -> Self::Future {
        let start = now();
        let method = request.method().clone();
        let route = request.extensions().get().cloned();
        let request_id = request.extensions().get().cloned();
        AccessFuture { inner: self.inner.call(request), start, method, route, request_id }
    }
}

impl<F, O, E> Future for AccessFuture<F>
where
    F: Future<Output = Result<Response<O>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(context));
        let context = opentelemetry::Context::current();
        let ids = context.span().span_context().clone();
        let request_id = this.request_id.as_ref().and_then(|id| id.header_value().to_str().ok());
        tracing::info!(
            method = this.method.as_str(),
            route = this.route.as_ref().map(MatchedPath::as_str),
            status = response.as_ref().map_or(0, |response| response.status().as_u16()),
            duration_us = this.start.elapsed().as_micros() as u64,
            trace_id = %ids.trace_id(),
            span_id = %ids.span_id(),
            request_id,
            "request completed"
        );
        Poll::Ready(response)
    }
}
