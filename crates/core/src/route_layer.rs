//! A layer deep inside a stack that tells the exchange its route.

use std::task::{Context, Poll};

use http::Request;
use tower_layer::Layer;
use tower_service::Service;

use crate::exchange::Exchange;
use crate::route::Route;
use crate::stacks::axum;

/// Tells the exchange which route was taken; for layers that stand where a route is not known yet.
///
/// A layer around a whole router sees no route: nothing of it is in the response. This one stands
/// at the route and writes it on the card. It adds no future and no body.
///
/// ```
/// use tower_telemetry_core::RouteLayer;
/// let layer = RouteLayer::fixed("/assets/{*path}"); // for a service that is no router
/// # let _ = layer;
/// ```
#[derive(Debug, Clone, Copy)]
pub struct RouteLayer(Source);

#[derive(Debug, Clone, Copy)]
enum Source {
    Fixed(Route),
    #[cfg_attr(not(feature = "axum"), allow(dead_code, reason = "only axum matches"))]
    Matched,
}

impl RouteLayer {
    /// Tells this template.
    #[must_use]
    pub const fn fixed(template: &'static str) -> Self {
        Self(Source::Fixed(Route::template(template)))
    }

    /// Tells what axum's router matched; for `Router::route_layer`.
    #[cfg(feature = "axum")]
    #[must_use]
    pub const fn matched() -> Self {
        Self(Source::Matched)
    }
}

impl<S> Layer<S> for RouteLayer {
    type Service = RouteService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RouteService { inner, source: self.0 }
    }
}

/// The service of a [`RouteLayer`].
#[derive(Debug, Clone)]
pub struct RouteService<S> {
    inner: S,
    source: Source,
}

impl<S, B> Service<Request<B>> for RouteService<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if let Some(exchange) = Exchange::of(request.extensions()) {
            let route = match self.source {
                Source::Fixed(route) => Some(route),
                // Of a gRPC service, axum's path says `/package.Service/{*rest}`: no method.
                Source::Matched if exchange.protocol.is_grpc() => None,
                Source::Matched => axum::matched_path(request.extensions()),
            };
            if let Some(route) = route {
                exchange.set_route(route);
            }
        }
        self.inner.call(request)
    }
}
