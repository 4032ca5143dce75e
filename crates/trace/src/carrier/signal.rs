use http::request;
use tower_telemetry_core::{Exchange, Signal, Window};

use super::TARGET;
use super::observer::CarrierObserver;

/// The signal that puts a carrier span around every exchange.
///
/// It stands after the trace window, in a tuple or in a layer further in: it carries the context that it finds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Carrier(());

impl Carrier {
    /// The signal.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl Signal for Carrier {
    const WINDOW: Window = Window::CARRIER;

    type Observer = CarrierObserver;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> CarrierObserver {
        // A child of the spans around it, whose fields go on standing on the lines inside.
        CarrierObserver::new(tracing::error_span!(target: TARGET, "exchange"))
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<CarrierObserver> {
        Some(self.start(exchange, head))
    }
}
