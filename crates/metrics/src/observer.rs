//! The metrics of one exchange, while it runs.

use std::fmt;
use std::sync::Arc;

use http::response;
use tower_telemetry_core::{Exchange, Observer, Outcome};

use crate::instruments::{Entry, Instruments};
use crate::label_set::LabelSet;

/// Counts one exchange as in flight, and records it when it is over.
pub struct MetricsObserver<L: LabelSet = ()> {
    instruments: Arc<Instruments<L>>,
    /// Taken when the end is told.
    entry: Option<Entry>,
}

impl<L: LabelSet> MetricsObserver<L> {
    pub(crate) fn new(instruments: Arc<Instruments<L>>, exchange: &Exchange) -> Self {
        let entry = Some(instruments.start(exchange));
        Self { instruments, entry }
    }

    #[inline]
    fn pass(&mut self, exchange: &Exchange) {
        if let Some(entry) = &mut self.entry {
            self.instruments.pass(exchange, entry);
        }
    }
}

impl<L: LabelSet> Observer for MetricsObserver<L> {
    type Guard = ();

    fn enter(&self) {}

    fn respond(&mut self, exchange: &Exchange, _: &mut response::Parts) {
        self.pass(exchange);
    }

    fn frame(&mut self, exchange: &Exchange, _: usize) {
        self.pass(exchange);
    }

    fn end(mut self, exchange: &Exchange, outcome: &Outcome) {
        if let Some(entry) = self.entry.take() {
            self.instruments.end(exchange, outcome, entry);
        }
    }
}

/// Whatever happens, what was added is taken away.
impl<L: LabelSet> Drop for MetricsObserver<L> {
    fn drop(&mut self) {
        if let Some(entry) = &self.entry {
            self.instruments.leave(entry);
        }
    }
}

impl<L: LabelSet> fmt::Debug for MetricsObserver<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsObserver").finish_non_exhaustive()
    }
}
