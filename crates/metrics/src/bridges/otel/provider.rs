//! The provider of meters.

use std::fmt;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};

use super::instruments::Instruments;
use super::shared::{Shared, Source};
use crate::store::Store;

/// Lets instruments of OpenTelemetry record to a [`Store`], observables too: what a library records through
/// `opentelemetry::global::meter` is then on `/metrics`, and wherever else the store is exported.
///
/// - A measurement looks its series up under a lock and allocates for it; a bound instrument (`Counter::bind`) is
///   an atomic operation or two.
/// - Counters and histograms keep exemplars of measurements within a sampled span (`TraceBased`).
/// - A histogram has the bounds that its maker advises; without advice those of the OpenTelemetry specification,
///   0 to 10000, which suit milliseconds. Empty advice leaves count and sum.
/// - NaN, and negative or infinite amounts of counters and histograms, are refused, and counted in
///   `tower_telemetry.values.refused`.
/// - Instruments of one name are one metric, whatever their scope; a second one of another kind or unit records
///   to nobody. Callbacks live as long as the store.
///
/// ```
/// use opentelemetry::KeyValue;
/// use opentelemetry::metrics::MeterProvider;
/// use tower_telemetry_metrics::{Store, StoreMeterProvider};
///
/// let store = Store::new();
/// let provider = StoreMeterProvider::new(&store); // opentelemetry::global::set_meter_provider(provider)
/// let meter = provider.meter("shop");
/// let jobs = meter.u64_counter("shop.jobs").with_unit("{job}").build();
/// jobs.add(3, &[KeyValue::new("queue", "mails")]);
/// let wait = meter.f64_histogram("shop.wait").with_unit("s").with_boundaries(vec![0.1, 1.0]).build();
/// wait.record(0.25, &[KeyValue::new("queue", "mails")]);
///
/// let snapshot = store.snapshot();
/// assert_eq!(snapshot.value("shop.jobs", &[("queue", "mails")]), Some(3.0));
/// assert_eq!(snapshot.histogram("shop.wait", &[("queue", "mails")]).map(|wait| wait.sum()), Some(0.25));
/// ```
///
/// # Cardinality
///
/// Attribute values are any text. Each instrument makes at most 2000 series; the last takes what does not fit, with
/// `otel.metric.overflow="true"`, and each measurement that it takes counts in `tower_telemetry.series.refused`.
#[derive(Clone)]
pub struct StoreMeterProvider {
    shared: Arc<Shared>,
}

impl StoreMeterProvider {
    /// A provider for this store. Make one and clone it: two know nothing of each other, and the store refuses
    /// what both tell under one name.
    pub fn new(store: &Store) -> Self {
        let shared = Arc::new(Shared::new(store));
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
