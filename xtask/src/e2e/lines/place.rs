//! The places of the shop where lines are written.

/// A kind of place, and a line that is written there alone.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) name: &'static str,
    message: &'static str,
    /// The name of the span that is active there.
    pub(super) span: &'static str,
    pub(super) number: Number,
    pub(super) attempts: Attempts,
}

/// Whether its lines bear the number of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Number {
    OfOne,
    /// It is work for several.
    OfNone,
}

/// How often a call comes to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Attempts {
    One,
    /// Its caller may try again: a span for each, and of some none is kept.
    Several,
}

impl Place {
    pub(super) const ALL: [Self; 13] = [
        Self::new("handler", "order taken", "POST /orders"),
        Self::new("handler that fails or is dropped", "order not taken", "POST /orders"),
        Self::new("task", "order confirmed", "POST /orders"),
        Self::new("task with a tracing span", "stamps counted", "POST /orders"),
        Self::new("blocking thread", "receipt printed", "POST /orders"),
        Self::new("worker, of another's job", "order shipped", "ship order"),
        Self::new("event stream", "progress told", "GET /orders/{id}/events"),
        Self::new("WebSocket", "conversation over", "GET /orders/live"),
        Self {
            attempts: Attempts::Several,
            ..Self::new("HTTP service called", "price quoted", "GET /quotes/{item}")
        },
        Self::new("gRPC method", "goods reserved", "shop.v1.Inventory/Reserve"),
        Self::new("gRPC stream", "level told", "shop.v1.Inventory/Watch"),
        Self::new("gRPC stream both ways", "delivery shelved", "shop.v1.Inventory/Restock"),
        Self { number: Number::OfNone, ..Self::new("batch", "manifest written", "write manifest") },
    ];

    const fn new(name: &'static str, message: &'static str, span: &'static str) -> Self {
        Self { name, message, span, number: Number::OfOne, attempts: Attempts::One }
    }

    /// The place where this is written.
    pub(super) fn of(message: &str) -> Option<&'static Self> {
        const ALL: &[Place] = &Place::ALL;
        ALL.iter().find(|place| place.message == message)
    }
}
