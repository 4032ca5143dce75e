//! What other tracing systems say of a trace, the `tracestate` header of [W3C Trace Context Level 2].
//!
//! It travels with the trace unread: a well-formed header that nobody changes goes out as it came in, without a copy.
//! One illegal member makes the whole header invalid. That says nothing on `traceparent`, which stays in force; the
//! opposite holds: without a valid `traceparent` a `tracestate` must not be used.
//!
//! ```
//! use tower_telemetry_core::trace_state::TraceState;
//!
//! let inbound = TraceState::parse(b"congo=t61rcWkgMzE, rojo=00f067aa0ba902b7")?;
//! assert_eq!(inbound.get("rojo"), Some("00f067aa0ba902b7"));
//!
//! let outbound = inbound.with("rojo", "1")?;
//! assert_eq!(outbound.to_header_value().unwrap(), "rojo=1,congo=t61rcWkgMzE");
//! # Ok::<(), tower_telemetry_core::trace_state::TraceStateError>(())
//! ```
//!
//! [W3C Trace Context Level 2]: https://www.w3.org/TR/trace-context-2/

mod error;
mod members;
mod outbound;
mod state;

pub use error::TraceStateError;
pub use state::TraceState;

#[cfg(test)]
mod scenario;
