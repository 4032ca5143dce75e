//! Metrics to an OTLP collector: what `/metrics` shows, pushed on an interval.
//!
//! A [`Snapshot`](tower_telemetry_metrics::Snapshot) becomes a request, a transport sends it, and a task on the
//! telemetry thread does so again and again. The store knows nothing of it.

#[cfg(all(test, feature = "otlp"))]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod arrival;
#[cfg(feature = "otlp")]
mod attributes;
#[cfg(feature = "otlp")]
mod baseline;
#[cfg(not(feature = "otlp"))]
mod disabled;
#[cfg(feature = "otlp")]
mod enabled;
#[cfg(feature = "otlp")]
mod exemplars;
#[cfg(feature = "otlp")]
mod exporter;
#[cfg(feature = "otlp")]
mod histograms;
#[cfg(feature = "otlp")]
mod numbers;
#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod push;
#[cfg(feature = "otlp")]
mod request;
#[cfg(feature = "otlp")]
mod settings;
#[cfg(feature = "otlp")]
mod summaries;
#[cfg(feature = "otlp")]
mod temporality;
#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod told;

#[cfg(feature = "otlp")]
pub(crate) use self::attributes::nanos;
#[cfg(not(feature = "otlp"))]
pub(crate) use self::disabled::{Push, start};
#[cfg(feature = "otlp")]
pub(crate) use self::enabled::{Push, start};
