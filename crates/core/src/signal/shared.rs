//! A window that is shared, and an observer that stands elsewhere.

use std::sync::Arc;

use http::{HeaderMap, request, response};

use crate::exchange::Exchange;
use crate::outcome::Outcome;
use crate::signal::contract::{Observer, Signal};
use crate::ticket::Arrival;
use crate::window::Window;

impl<S: Signal> Signal for Arc<S> {
    const WINDOW: Window = S::WINDOW;

    type Observer = S::Observer;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> Self::Observer {
        S::start(self, exchange, head)
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<Self::Observer> {
        S::pass(self, exchange, head)
    }

    fn admit(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        S::admit(self, arrival, head)
    }

    fn admit_pass(&self, arrival: &Arrival, head: &mut request::Parts) -> Option<Self::Observer> {
        S::admit_pass(self, arrival, head)
    }
}

/// For an observer that is large: the future and the body then carry a pointer.
impl<O: Observer> Observer for Box<O> {
    type Guard = O::Guard;

    fn enter(&self) -> Self::Guard {
        O::enter(self)
    }

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        O::respond(self, exchange, head);
    }

    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        O::frame(self, exchange, bytes);
    }

    fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
        O::trailers(self, exchange, trailers);
    }

    fn settle(&mut self, exchange: &Exchange, outcome: &Outcome) {
        O::settle(self, exchange, outcome);
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        O::end(*self, exchange, outcome);
    }
}
