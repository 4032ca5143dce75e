//! Ways between the store and the metrics of other crates.

mod prometheus_collector;
mod prometheus_registry;

pub use self::prometheus_collector::PrometheusCollector;
pub use self::prometheus_registry::PrometheusRegistry;
