//! A signal that some exchanges are kept from: health checks, a static file server.

use std::fmt;

use http::request;

use crate::exchange::Exchange;
use crate::signal::Signal;
use crate::ticket::Arrival;
use crate::window::Window;

/// A signal that does not record the exchanges of a predicate; made by
/// [`SignalExt::skip`](crate::SignalExt::skip).
///
/// A skipped exchange is still passed on: its context propagates, its request id is echoed.
#[derive(Clone)]
pub struct Skip<S, P> {
    signal: S,
    predicate: P,
}

impl<S, P> Skip<S, P> {
    pub(crate) fn new(signal: S, predicate: P) -> Self {
        Self { signal, predicate }
    }
}

impl<S: fmt::Debug, P> fmt::Debug for Skip<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Skip").field("signal", &self.signal).finish_non_exhaustive()
    }
}

impl<S, P> Signal for Skip<S, P>
where
    S: Signal,
    P: Fn(&Exchange, &request::Parts) -> bool + Clone + Send + Sync + 'static,
{
    const WINDOW: Window = S::WINDOW;

    type Observer = Option<S::Observer>;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
        if (self.predicate)(exchange, head) {
            self.signal.pass(exchange, head)
        } else {
            Some(self.signal.start(exchange, head))
        }
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
        Some(self.signal.pass(exchange, head))
    }

    fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        Some(if (self.predicate)(arrival.exchange(), head) {
            self.signal.admit_pass(arrival, head)
        } else {
            self.signal.admit(arrival, head)
        })
    }

    fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        Some(self.signal.admit_pass(arrival, head))
    }
}
