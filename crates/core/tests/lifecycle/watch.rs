//! A service that looks, whenever any of its code runs, whether its exchange is current.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::{Frame, SizeHint};
use tower_service::Service;
use tower_telemetry_core::{Exchange, current};

/// What was seen: the moment, and whether the exchange was current.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight(Arc<Mutex<Vec<(&'static str, bool)>>>);

/// Lets a service, its futures and its bodies look.
#[derive(Debug, Clone)]
pub(crate) struct Watch<S> {
    inner: S,
    sight: Sight,
}

#[derive(Debug)]
pub(crate) struct Watched<T> {
    inner: T,
    eye: Eye,
}

/// Looks once more when it is dropped, as a guard of a user's own would.
#[derive(Debug, Clone)]
struct Eye {
    sight: Sight,
    exchange: Option<Arc<Exchange>>,
    at_drop: &'static str,
}

impl Sight {
    /// The moments at which the exchange was not current.
    pub(crate) fn blind(&self) -> Vec<&'static str> {
        self.moments(|is_current| !is_current)
    }

    /// All moments, in their order.
    pub(crate) fn all(&self) -> Vec<&'static str> {
        self.moments(|_| true)
    }

    fn moments(&self, wanted: impl Fn(bool) -> bool) -> Vec<&'static str> {
        self.0.lock().unwrap().iter().filter(|(_, is)| wanted(*is)).map(|(moment, _)| *moment).collect()
    }
}

impl<S> Watch<S> {
    pub(crate) fn new(inner: S, sight: &Sight) -> Self {
        Self { inner, sight: sight.clone() }
    }
}

impl Eye {
    fn look(&self, moment: &'static str) {
        let is_current = match (&self.exchange, current()) {
            (Some(own), Some(current)) => Arc::ptr_eq(own, &current),
            _ => false,
        };
        self.sight.0.lock().unwrap().push((moment, is_current));
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.look(self.at_drop);
    }
}

impl<Q, S, B> Service<Request<Q>> for Watch<S>
where
    S: Service<Request<Q>, Response = Response<B>>,
    S::Future: Unpin,
{
    type Response = Response<Watched<B>>;
    type Error = S::Error;
    type Future = Watched<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let exchange = Exchange::of(request.extensions()).cloned();
        let eye = Eye { sight: self.sight.clone(), exchange, at_drop: "drop of the future" };
        eye.look("call");
        Watched { inner: self.inner.call(request), eye }
    }
}

impl<F, B, E> Future for Watched<F>
where
    F: Future<Output = Result<Response<B>, E>> + Unpin,
{
    type Output = Result<Response<Watched<B>>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.eye.look("poll of the future");
        let polled = Pin::new(&mut self.inner).poll(cx);
        let (sight, exchange) = (self.eye.sight.clone(), self.eye.exchange.clone());
        polled.map_ok(|response| {
            response.map(|inner| Watched { inner, eye: Eye { sight, exchange, at_drop: "drop of the body" } })
        })
    }
}

impl<B: http_body::Body + Unpin> http_body::Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.eye.look("poll of the body");
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
