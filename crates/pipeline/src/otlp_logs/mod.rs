//! Log records to an OTLP collector: `tracing`'s events, with the ids of the exchange that each belongs to.
//!
//! OpenTelemetry's own bridge reads the event; what it writes into is a record as OTLP sends it, so that nothing is made
//! twice. The queue and the export are those of spans.

#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod arrival;
#[cfg(not(feature = "otlp"))]
mod disabled;
#[cfg(feature = "otlp")]
mod enabled;
#[cfg(feature = "otlp")]
mod layer;
#[cfg(feature = "otlp")]
mod limits;
#[cfg(feature = "otlp")]
mod load;
#[cfg(feature = "otlp")]
mod logger;
#[cfg(feature = "otlp")]
mod owner;
#[cfg(feature = "otlp")]
mod record;

#[cfg(not(feature = "otlp"))]
pub(crate) use self::disabled::{LogExport, OtlpLogLayer, start};
#[cfg(feature = "otlp")]
pub(crate) use self::enabled::{LogExport, start};
#[cfg(feature = "otlp")]
pub use self::layer::OtlpLogLayer;
#[cfg(all(test, feature = "otlp"))]
pub(crate) use self::record::Record;
