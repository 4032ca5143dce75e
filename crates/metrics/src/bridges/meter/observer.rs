//! The measurements of one exchange, while it runs.

use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::{Exchange, Observer, Outcome};

use super::in_flight::InFlight;
use super::instruments::Instruments;
use crate::label_set::LabelSet;

/// Counts one exchange as in flight, and records it when it is over.
pub struct OtelMetricsObserver<L: LabelSet = ()> {
    instruments: Arc<Instruments<L>>,
    // Held for its drop.
    _in_flight: InFlight,
}

impl<L: LabelSet> OtelMetricsObserver<L> {
    pub(crate) fn new(instruments: Arc<Instruments<L>>, exchange: &Exchange) -> Self {
        let in_flight = instruments.start(exchange);
        Self { instruments, _in_flight: in_flight }
    }
}

impl<L: LabelSet> Observer for OtelMetricsObserver<L> {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        self.instruments.end(exchange, outcome);
    }
}

impl<L: LabelSet> fmt::Debug for OtelMetricsObserver<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtelMetricsObserver").finish_non_exhaustive()
    }
}
