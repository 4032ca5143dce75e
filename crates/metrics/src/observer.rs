//! The metrics of one exchange, while it runs.

use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::{Exchange, Observer, Outcome};

use crate::instruments::Instruments;
use crate::store::Gauge;

/// Counts one exchange as in flight, and records it when it is over.
pub struct MetricsObserver {
    instruments: Arc<Instruments>,
    // Held for its drop: whatever happens, what was added is taken away.
    _in_flight: InFlight,
}

/// One exchange in flight: the gauge goes down when this is dropped.
struct InFlight(Arc<Gauge>);

impl MetricsObserver {
    pub(crate) fn new(instruments: Arc<Instruments>, gauge: Arc<Gauge>) -> Self {
        gauge.increment();
        Self { instruments, _in_flight: InFlight(gauge) }
    }
}

impl Observer for MetricsObserver {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        self.instruments.end(exchange, outcome);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement();
    }
}

impl fmt::Debug for MetricsObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsObserver").finish_non_exhaustive()
    }
}
