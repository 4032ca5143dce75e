//! One more on a gauge, for as long as this lives.

use std::sync::Arc;

use crate::store::Gauge;

#[derive(Debug)]
pub(crate) struct Level(Arc<Gauge>);

impl Level {
    pub(crate) fn up(gauge: Arc<Gauge>) -> Self {
        gauge.increment();
        Self(gauge)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        self.0.decrement();
    }
}
