//! A synchronous instrument.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundSyncInstrument, SyncInstrument};

use super::cell::Cell;
use super::family::Family;

/// Looks its cell up at each measurement.
pub(crate) struct Recorder<T> {
    pub(crate) family: Arc<Family>,
    pub(crate) record: fn(&Cell, T),
}

/// Keeps its cell.
struct Bound<T> {
    cell: Arc<Cell>,
    record: fn(&Cell, T),
}

impl<T: 'static> SyncInstrument<T> for Recorder<T> {
    fn measure(&self, measurement: T, attributes: &[KeyValue]) {
        (self.record)(&self.family.cell(attributes), measurement);
    }

    fn bind(&self, attributes: &[KeyValue]) -> Box<dyn BoundSyncInstrument<T> + Send + Sync> {
        Box::new(Bound { cell: self.family.cell(attributes), record: self.record })
    }
}

impl<T> BoundSyncInstrument<T> for Bound<T> {
    fn measure(&self, measurement: T) {
        (self.record)(&self.cell, measurement);
    }
}
