//! The metrics window as a signal.

use std::fmt;
use std::sync::Arc;

use http::request;
use tower_telemetry_core::{Exchange, ObserveLayer, Signal, Window};

use crate::builder::MetricsBuilder;
use crate::instruments::Instruments;
use crate::label_set::LabelSet;
use crate::limit::Limit;
use crate::observer::MetricsObserver;
use crate::store::{RegisterError, Store};

/// The layer of the metrics window, on either side.
pub type MetricsLayer<L = ()> = ObserveLayer<Metrics<L>>;

/// The metrics window: traffic, errors, latency and saturation of the exchanges that it sees.
///
/// Clones record to the same store; so do windows that are made of clones of one store.
pub struct Metrics<L: LabelSet = ()> {
    instruments: Arc<Instruments<L>>,
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
        Self::builder().build().expect("a new store takes the names of the table")
    }

    /// A window that records to this store.
    ///
    /// # Errors
    /// The store has a metric of one of the window's names that is of another kind.
    pub fn with_store(store: Store) -> Result<Self, RegisterError> {
        Self::builder().with_store(store).build()
    }

    /// A window with a change of mind.
    pub fn builder() -> MetricsBuilder {
        MetricsBuilder::new()
    }
}

impl<L: LabelSet> Metrics<L> {
    pub(crate) const fn of(instruments: Arc<Instruments<L>>, store: Store) -> Self {
        Self { instruments, store }
    }

    /// The metrics of a limit of this name, beside those of the window.
    ///
    /// # Errors
    /// The store has a metric of one of the names that is of another kind.
    pub fn limit(&self, name: &'static str) -> Result<Limit, RegisterError> {
        Limit::with_store(&self.store, name)
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

impl<L: LabelSet> Signal for Metrics<L> {
    const WINDOW: Window = Window::METRICS;

    type Observer = MetricsObserver<L>;

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) -> MetricsObserver<L> {
        MetricsObserver::new(Arc::clone(&self.instruments), exchange)
    }
}

impl<L: LabelSet> Clone for Metrics<L> {
    fn clone(&self) -> Self {
        Self { instruments: Arc::clone(&self.instruments), store: self.store.clone() }
    }
}

impl<L: LabelSet> fmt::Debug for Metrics<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("store", &self.store).finish_non_exhaustive()
    }
}
