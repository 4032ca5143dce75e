//! The provider of meters.

use std::fmt;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};

use super::instruments::Instruments;
use super::shared::{Shared, Source};
use crate::store::Store;

/// Lets counters, up-down counters and gauges of OpenTelemetry record to a [`Store`], observables too: what a
/// library records through `opentelemetry::global::meter` is then on `/metrics`, and wherever else the store is
/// exported.
///
/// Histograms record nothing: their attributes are known at run time only, and the store keeps histograms whose
/// labels it knows before. Record those to [`Store::histogram_family`].
///
/// A measurement looks its series up under a lock and allocates for it; a bound instrument
/// (`Counter::bind`) is one atomic operation. Instruments of one name are one metric, whatever their scope;
/// a second one of another kind or unit records to nobody. Callbacks live as long as the store.
///
/// ```
/// use opentelemetry::KeyValue;
/// use opentelemetry::metrics::MeterProvider;
/// use tower_telemetry_metrics::{Store, StoreMeterProvider};
///
/// let store = Store::new();
/// let provider = StoreMeterProvider::new(&store); // opentelemetry::global::set_meter_provider(provider)
/// let jobs = provider.meter("shop").u64_counter("shop.jobs").with_unit("{job}").build();
/// jobs.add(3, &[KeyValue::new("queue", "mails")]);
///
/// assert_eq!(store.snapshot().value("shop.jobs", &[("queue", "mails")]), Some(3.0));
/// ```
///
/// # Cardinality
///
/// Attribute values are any text. Each instrument makes at most 2000 series; the last takes what does not fit, with
/// `otel.metric.overflow="true"`.
#[derive(Clone)]
pub struct StoreMeterProvider {
    shared: Arc<Shared>,
}

impl StoreMeterProvider {
    /// A provider for this store. Make one and clone it: two know nothing of each other, and the store refuses
    /// what both tell under one name.
    pub fn new(store: &Store) -> Self {
        let shared = Arc::<Shared>::default();
        store.collector(Source(Arc::clone(&shared)));
        Self { shared }
    }
}

impl MeterProvider for StoreMeterProvider {
    fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(Instruments::new(Arc::clone(&self.shared))))
    }
}

impl fmt::Debug for StoreMeterProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreMeterProvider")
    }
}
