//! The metrics window over a meter of OpenTelemetry, in place of the store.

mod attributes;
mod builder;
mod in_flight;
mod instruments;
mod observer;
mod window;

pub use self::builder::OtelMetricsBuilder;
pub use self::observer::OtelMetricsObserver;
pub use self::window::OtelMetrics;
