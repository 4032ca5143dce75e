//! When a decision is taken, worked out only where it counts.

use std::time::{Duration, Instant};

use tower_telemetry_core::Exchange;

/// A time since the base of a sampler.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment<'a> {
    /// At the arrival of this exchange; the base.
    Arrival(&'a Exchange, Instant),
    /// So long after the base.
    At(Duration),
}

impl Moment<'_> {
    /// Most decisions do without: a share of the traces is the same at any time.
    pub(super) fn since_base(self) -> Duration {
        match self {
            Self::Arrival(exchange, base) => exchange.arrived_after(base),
            Self::At(since) => since,
        }
    }
}
