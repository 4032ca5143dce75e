//! Ways between the store and the metrics of other crates.

#[cfg(feature = "opentelemetry")]
mod meter;
#[cfg(feature = "opentelemetry")]
mod otel;
#[cfg(feature = "prometheus")]
mod prometheus_collector;
#[cfg(feature = "prometheus")]
mod prometheus_registry;

#[cfg(feature = "opentelemetry")]
pub use self::meter::{OtelMetrics, OtelMetricsBuilder, OtelMetricsObserver};
#[cfg(feature = "opentelemetry")]
pub use self::otel::StoreMeterProvider;
#[cfg(feature = "prometheus")]
pub use self::prometheus_collector::PrometheusCollector;
#[cfg(feature = "prometheus")]
pub use self::prometheus_registry::PrometheusRegistry;
