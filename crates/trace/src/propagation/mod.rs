//! Between the headers of a request and the context of OpenTelemetry.
//!
//! [`Propagation`] is what a window holds: it reads what a caller tells, as far as the caller is
//! believed, and writes what a callee is to know. The codecs of W3C stand in core; those of B3 and
//! Jaeger, which no other window needs, stand here, as pure as those.

mod b3;
mod caller;
mod carried;
mod destinations;
mod format;
mod ids;
mod inherited;
mod jaeger;
mod otel_baggage;
mod propagator;
mod quiet;
mod refusals;
mod root_id;
mod text_map;
mod told;

#[cfg(test)]
mod formats_read;
#[cfg(test)]
mod formats_written;

pub(crate) use carried::{shown, state_under};
pub use destinations::Destinations;
pub use format::{Format, UnknownFormat};
pub(crate) use ids::{ids_of, span_context};
pub(crate) use inherited::Inherited;
pub use propagator::Propagation;
pub use refusals::Refusals;
pub use text_map::TextMap;
pub(crate) use told::Wish;
