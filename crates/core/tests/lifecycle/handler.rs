//! Services made of closures, and signals that only write on the card.

use std::future::Future;
use std::io;
use std::task::{Context, Poll};

use http::{Request, Response, request};
use tower_service::Service;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, RequestId, Route, Signal, TraceIds, Window};
use tower_telemetry_testing::{call, read_body, run};

/// A service of a function that makes the future.
#[derive(Debug, Clone)]
pub(crate) struct Handler<F>(pub(crate) F);

impl<F, Fut, T, E> Service<Request<()>> for Handler<F>
where
    F: FnMut(Request<()>) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    type Response = T;
    type Error = E;
    type Future = Fut;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Fut {
        (self.0)(request)
    }
}

/// Tells every exchange trace ids of its own.
#[derive(Debug, Clone)]
pub(crate) struct TellsIds;

impl Signal for TellsIds {
    const WINDOW: Window = Window::custom(10);
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.set_trace(TraceIds::random(TraceFlags::NONE));
    }
}

/// Tells a request id, and a route.
#[derive(Debug, Clone)]
pub(crate) struct TellsRequest(pub(crate) &'static str, pub(crate) Route);

impl Signal for TellsRequest {
    const WINDOW: Window = Window::custom(11);
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.set_request_id(RequestId::new(self.0).unwrap());
        exchange.set_route(self.1);
    }
}

/// Sends a request and reads the response to its end.
pub(crate) fn send<S, B>(mut service: S, request: Request<()>)
where
    S: Service<Request<()>, Response = Response<B>, Error = io::Error>,
    B: http_body::Body,
{
    let response = run(call(&mut service, request)).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
}
