//! The metrics window as a signal.

use std::sync::Arc;

use http::request;
use tower_telemetry_core::{Exchange, ObserveLayer, Signal, Window};

use crate::instruments::Instruments;
use crate::observer::MetricsObserver;
use crate::store::{RegisterError, Store};

/// The layer of the metrics window, on either side.
pub type MetricsLayer = ObserveLayer<Metrics>;

/// The metrics window: traffic, errors, latency and saturation of the exchanges that it sees.
///
/// Clones record to the same store; so do windows that are made of clones of one store.
#[derive(Debug, Clone)]
pub struct Metrics {
    instruments: Arc<Instruments>,
    store: Store,
}

impl Metrics {
    /// A window with a store of its own.
    ///
    /// # Panics
    /// Never: a new store has no other names.
    #[must_use]
    pub fn new() -> Self {
        #[allow(clippy::expect_used, reason = "a new store has no other names")]
        Self::with_store(Store::new()).expect("a new store takes the names of the table")
    }

    /// A window that records to this store.
    ///
    /// # Errors
    /// The store has a metric of one of the window's names that is of another kind.
    pub fn with_store(store: Store) -> Result<Self, RegisterError> {
        Ok(Self { instruments: Arc::new(Instruments::register(&store)?), store })
    }

    /// The store that the window records to: what `/metrics` shows.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Signal for Metrics {
    const WINDOW: Window = Window::METRICS;

    type Observer = MetricsObserver;

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) -> MetricsObserver {
        MetricsObserver::new(Arc::clone(&self.instruments), self.instruments.start(exchange))
    }
}
