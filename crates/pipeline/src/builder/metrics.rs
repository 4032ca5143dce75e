//! What is counted and measured, and where that is kept.

use tower_telemetry_metrics::{MetricsBuilder, Store};

use crate::builder::TelemetryBuilder;

/// What has been chosen about metrics.
pub(super) struct Metrics {
    pub(super) store: Store,
    pub(super) choose: Choose,
}

type Choose = Box<dyn FnOnce(MetricsBuilder) -> MetricsBuilder + Send>;

impl Default for Metrics {
    fn default() -> Self {
        Self { store: Store::new(), choose: Box::new(MetricsBuilder::with_extremes) }
    }
}

impl TelemetryBuilder {
    /// Records to this store, which may hold metrics of one's own.
    pub fn with_store(mut self, store: Store) -> Self {
        self.metrics.store = store;
        self
    }

    /// Chooses what the metrics window records, and in which buckets.
    ///
    /// ```
    /// use tower_telemetry_metrics::{Bounds, Buckets, Native};
    /// use tower_telemetry_pipeline::Telemetry;
    ///
    /// let builder = Telemetry::builder("orders").with_metrics(|metrics| {
    ///     metrics.with_body_sizes().with_buckets(Buckets::Both(Bounds::default(), Native::default()))
    /// });
    /// # let _ = builder;
    /// ```
    pub fn with_metrics(
        mut self,
        choose: impl FnOnce(MetricsBuilder) -> MetricsBuilder + Send + 'static,
    ) -> Self {
        let before = self.metrics.choose;
        self.metrics.choose = Box::new(move |metrics| choose(before(metrics)));
        self
    }
}
