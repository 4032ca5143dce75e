//! A window that may be off.

use http::{HeaderMap, request, response};

use crate::exchange::Exchange;
use crate::outcome::Outcome;
use crate::signal::contract::{Observer, Signal};
use crate::ticket::Arrival;
use crate::window::Window;

impl<S: Signal> Signal for Option<S> {
    const WINDOW: Window = S::WINDOW;

    type Observer = Option<S::Observer>;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
        self.as_ref().map(|signal| signal.start(exchange, head))
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
        self.as_ref().map(|signal| signal.pass(exchange, head))
    }

    fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        self.as_ref().map(|signal| signal.admit(arrival, head))
    }

    fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        self.as_ref().map(|signal| signal.admit_pass(arrival, head))
    }
}

impl<O: Observer> Observer for Option<O> {
    type Guard = Option<O::Guard>;

    fn enter(&self) -> Self::Guard {
        self.as_ref().map(Observer::enter)
    }

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        if let Some(observer) = self {
            observer.respond(exchange, head);
        }
    }

    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        if let Some(observer) = self {
            observer.frame(exchange, bytes);
        }
    }

    fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
        if let Some(observer) = self {
            observer.trailers(exchange, trailers);
        }
    }

    fn settle(&mut self, exchange: &Exchange, outcome: &Outcome) {
        if let Some(observer) = self {
            observer.settle(exchange, outcome);
        }
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        if let Some(observer) = self {
            observer.end(exchange, outcome);
        }
    }
}
