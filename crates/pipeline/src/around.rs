//! One line around a whole axum `Router`, which still knows its routes.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::serve::{IncomingStream, Listener};
use bytes::Bytes;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{AxumBody, Observe, ObserveLayer, ResponseFuture, RouteLayer, Signal};

type RouterFuture = <Router as Service<Request<Body>>>::Future;

/// Observes `router` from outside with `layer`.
///
/// The router keeps its route to itself, so a [`RouteLayer`] inside tells it.
pub fn around<S: Signal, M>(router: Router, layer: &ObserveLayer<S, M>) -> Around<S> {
    // axum refuses a route layer where there is no route.
    let router = if router.has_routes() { router.route_layer(RouteLayer::matched()) } else { router };
    // With its state, axum lays its layers once; without, for every connection or request.
    Around { inner: layer.clone().for_axum().layer(router.with_state(())) }
}

/// A whole axum `Router`, observed; for `axum::serve`, and for any server of tower services.
#[derive(Debug)]
pub struct Around<S> {
    inner: Observe<Router, S, AxumBody>,
}

impl<S> Clone for Around<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<S, B> Service<Request<B>> for Around<S>
where
    S: Signal,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<RouterFuture, S::Observer, AxumBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Which body is asked for makes no difference to readiness: a router is always ready.
        Service::<Request<B>>::poll_ready(&mut self.inner, cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.inner.call(request.map(Body::new))
    }
}

/// `axum::serve` asks for a service for each connection.
impl<S, L> Service<IncomingStream<'_, L>> for Around<S>
where
    S: Signal,
    L: Listener,
{
    type Response = Self;
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(self.clone()))
    }
}
