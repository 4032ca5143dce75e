//! Spans to an OTLP collector.

#[cfg(not(feature = "otlp"))]
mod disabled;
#[cfg(feature = "otlp")]
mod enabled;

#[cfg(not(feature = "otlp"))]
pub(crate) use self::disabled::{destination, processor};
#[cfg(feature = "otlp")]
pub(crate) use self::enabled::{destination, processor};
