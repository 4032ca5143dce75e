//! The request-id window: accept, make, echo and propagate `x-request-id`.
//!
//! ```
//! use tower_telemetry_core::SignalExt;
//! use tower_telemetry_request_id::RequestIds;
//!
//! let layer = RequestIds::new().server(); // or `.client()`, which sends the current one on
//! # let _ = layer;
//! ```
//!
//! With a change of mind, for a service that strangers can reach:
//!
//! ```
//! # use tower_telemetry_core::{SignalExt, Trust};
//! # use tower_telemetry_request_id::RequestIds;
//! let layer = RequestIds::new().with_trust(Trust::Link).server();
//! # let _ = layer;
//! ```
//!
//! - **Stands** anywhere on the server side; the response of every layer further in carries the id,
//!   errors included.
//! - **Reads** `x-request-id`: taken as it is if it is well formed (`[A-Za-z0-9._-]{1,128}`) and the
//!   caller is trusted, else a UUIDv7 is made. **Writes** `x-request-id` into the response of a
//!   server and into the request of a client. gRPC carries it as metadata of the same name.
//! - **Emits** nothing by itself: the id stands on every log line and on the span.
//! - **Costs** one allocation for an id that is made.

mod header;
mod layer;
mod observer;
mod v7;

pub use layer::{RequestIdLayer, RequestIds};
pub use observer::RequestIdObserver;
pub use tower_telemetry_core::RequestId;
