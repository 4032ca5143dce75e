//! A window that is shared.

use std::sync::Arc;

use http::request;

use crate::exchange::Exchange;
use crate::signal::contract::Signal;
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
