//! The metrics of one exchange, while it runs.

use std::fmt;
use std::sync::Arc;

use http::response;
use tower_telemetry_core::{Exchange, Observer, Outcome};

use crate::instruments::{Entry, Instruments, Level, Told};
use crate::label_set::LabelSet;

/// Counts one exchange as in flight, and records it when it is over.
pub struct MetricsObserver<L: LabelSet = ()> {
    instruments: Arc<Instruments<L>>,
    entry: Entry,
    told: Told,
    stream: Option<Level>,
}

impl<L: LabelSet> MetricsObserver<L> {
    pub(crate) fn new(instruments: Arc<Instruments<L>>, exchange: &Exchange) -> Self {
        let entry = instruments.start(exchange);
        Self { instruments, entry, told: Told::default(), stream: None }
    }
}

impl<L: LabelSet> Observer for MetricsObserver<L> {
    type Guard = ();

    fn enter(&self) {}

    fn respond(&mut self, exchange: &Exchange, _: &mut response::Parts) {
        self.instruments.pass(exchange, &mut self.told, &mut self.stream);
    }

    fn frame(&mut self, exchange: &Exchange, _: usize) {
        self.instruments.pass(exchange, &mut self.told, &mut self.stream);
    }

    fn end(mut self, exchange: &Exchange, outcome: &Outcome) {
        self.instruments.end(exchange, outcome, &self.entry, &mut self.told);
    }
}

/// Whatever happens, what was added is taken away.
impl<L: LabelSet> Drop for MetricsObserver<L> {
    fn drop(&mut self) {
        self.instruments.leave(&self.entry);
    }
}

impl<L: LabelSet> fmt::Debug for MetricsObserver<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsObserver").finish_non_exhaustive()
    }
}
