//! The ids of a trace and their one wire form, the `traceparent` header of [W3C Trace Context Level 2].
//!
//! Reading is strict: what the standard calls invalid is an error, so that a malformed header starts a new trace
//! instead of corrupting one. Two things are lenient because the standard says so: optional white space around the
//! value, and versions above `00`, of which the known fields are read.
//!
//! ```
//! use tower_telemetry_core::trace_ids::{TraceFlags, TraceIds};
//!
//! let parent = TraceIds::parse(b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")?;
//! assert!(parent.flags.is_sampled());
//!
//! let own = parent.child();
//! assert_eq!(own.trace_id, parent.trace_id);
//! assert_ne!(own.span_id, parent.span_id);
//! assert_eq!(own.flags, TraceFlags::SAMPLED);
//! # Ok::<(), tower_telemetry_core::trace_ids::TraceparentError>(())
//! ```
//!
//! [W3C Trace Context Level 2]: https://www.w3.org/TR/trace-context-2/

mod cell;
mod error;
mod flags;
mod hex;
mod ids;
mod random;
mod span_id;
mod trace_id;
mod traceparent;

pub(crate) use cell::TraceCell;
pub use error::TraceparentError;
pub use flags::TraceFlags;
pub use hex::Hex;
pub(crate) use hex::hex_words;
pub use ids::TraceIds;
pub use span_id::SpanId;
pub use trace_id::TraceId;

#[cfg(test)]
mod harness;
