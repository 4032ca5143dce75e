//! Spans to an OTLP collector: a queue with an end, and a task on the telemetry thread that empties it.
//!
//! Every span that is given to the queue is counted once more when it leaves: as exported, or as dropped with the
//! reason. The SDK's own batch processor does not count what it loses.

#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod arrival;
#[cfg(feature = "otlp")]
mod batch;
#[cfg(feature = "otlp")]
mod counts;
#[cfg(not(feature = "otlp"))]
mod disabled;
#[cfg(feature = "otlp")]
mod enabled;
#[cfg(feature = "otlp")]
mod exporter;
#[cfg(feature = "otlp")]
mod queue;
#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod set_up;
#[cfg(feature = "otlp")]
mod settings;
#[cfg(feature = "otlp")]
mod stop;

#[cfg(not(feature = "otlp"))]
pub(crate) use self::disabled::{SpanExport, start, unheard};
#[cfg(feature = "otlp")]
pub(crate) use self::enabled::{SpanExport, start, unheard};
