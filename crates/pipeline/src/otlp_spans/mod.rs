//! Spans to an OTLP collector.

#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod arrival;
#[cfg(not(feature = "otlp"))]
mod disabled;
#[cfg(feature = "otlp")]
mod enabled;
#[cfg(feature = "otlp")]
mod load;
#[cfg(all(test, feature = "otlp"))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod set_up;

#[cfg(not(feature = "otlp"))]
pub(crate) use self::disabled::{SpanExport, start, unheard};
#[cfg(feature = "otlp")]
pub(crate) use self::enabled::{SpanExport, start, unheard};
