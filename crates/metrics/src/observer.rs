//! The metrics of one exchange, while it runs.

use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::{Exchange, Observer, Outcome};

use crate::instruments::Instruments;
use crate::label_set::LabelSet;
use crate::oldest::Arrival;
use crate::store::Gauge;

/// Counts one exchange as in flight, and records it when it is over.
pub struct MetricsObserver<L: LabelSet = ()> {
    instruments: Arc<Instruments<L>>,
    // Held for its drop: whatever happens, what was added is taken away.
    _in_flight: InFlight,
}

/// One exchange in flight: the gauge goes down, and its place is free, when this is dropped.
pub(crate) struct InFlight {
    gauge: Option<Arc<Gauge>>,
    _arrival: Option<Arrival>,
}

impl<L: LabelSet> MetricsObserver<L> {
    pub(crate) fn new(instruments: Arc<Instruments<L>>, exchange: &Exchange) -> Self {
        let in_flight = instruments.start(exchange);
        Self { instruments, _in_flight: in_flight }
    }
}

impl<L: LabelSet> Observer for MetricsObserver<L> {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        self.instruments.end(exchange, outcome);
    }
}

impl InFlight {
    pub(crate) fn new(gauge: Option<Arc<Gauge>>, arrival: Option<Arrival>) -> Self {
        if let Some(gauge) = &gauge {
            gauge.increment();
        }
        Self { gauge, _arrival: arrival }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(gauge) = &self.gauge {
            gauge.decrement();
        }
    }
}

impl<L: LabelSet> fmt::Debug for MetricsObserver<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsObserver").finish_non_exhaustive()
    }
}
