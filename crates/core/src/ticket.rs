//! The ticket in a request's extensions: by it, layers that are stacked apart join one exchange.

use std::sync::Arc;

use http::Extensions;

use crate::exchange::Exchange;
use crate::window::Window;

/// The card of the exchange, and the windows that this very request has come through.
///
/// It is cloned with the request. So a retry's second attempt carries a ticket that lacks the
/// windows below the retry, although they are marked on the card: that is how it is told from a
/// layer that is stacked twice.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) card: Arc<Exchange>,
    pub(crate) passed: Window,
}

/// An exchange at a wrapper's door, with the windows that are to act on it there.
#[derive(Debug)]
pub struct Arrival {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) acting: Window,
    pub(crate) offered: Window,
}

impl Arrival {
    /// The exchange.
    #[must_use]
    pub fn exchange(&self) -> &Arc<Exchange> {
        &self.exchange
    }

    /// Whether a signal of this window acts here: not if the request came through it before.
    #[must_use]
    pub fn admits(&self, window: Window) -> bool {
        window == Window::NONE || self.acting.meets(window) || !self.offered.meets(window)
    }
}

impl Exchange {
    /// The exchange that a request with these extensions belongs to.
    ///
    /// This is for layers; a handler asks [`current`](crate::current()).
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Arc<Self>> {
        extensions.get::<Ticket>().map(|ticket| &ticket.card)
    }
}
