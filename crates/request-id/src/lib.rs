//! The request-id window: request ids, and the headers by which a response tells of its exchange.
//!
//! ```
//! use tower_telemetry_core::SignalExt;
//! use tower_telemetry_request_id::RequestIds;
//!
//! let layer = RequestIds::new().server(); // or `.client()`, which sends the current one on
//! # let _ = layer;
//! ```
//!
//! With a change of mind, for a service that strangers can reach, whose ids stand elsewhere, and whose responses tell
//! more:
//!
//! ```
//! # use tower_telemetry_core::{SignalExt, Trust};
//! use http::HeaderName;
//! use tower_telemetry_request_id::{RequestIds, ResponseContract};
//!
//! let layer = RequestIds::new()
//!     .with_trust(Trust::Link)
//!     .with_header(HeaderName::from_static("x-correlation-id"))
//!     .with_contract(ResponseContract::new())
//!     .server();
//! # let _ = layer;
//! ```
//!
//! - **Stands** anywhere on the server side; the response of every layer further in carries the id,
//!   errors included. What a layer further out answers by itself has none: so it stands outermost.
//! - **Reads** `x-request-id`: taken as it is if it is well formed (`[A-Za-z0-9._-]{1,128}`), stands there once and the
//!   caller is trusted, else a UUIDv7 is made. One that is not taken is replaced in the request, so that nobody further
//!   in passes it on, and kept apart in `client_request_id`, sanitised. **Writes** `x-request-id` into the response of
//!   a server and into the request of a client. gRPC carries it as metadata of the same name. With a
//!   [`ResponseContract`] it writes the headers of that table, and reads `x-cache-status` of callees.
//! - **Emits** nothing by itself: the id stands on every log line and on the span.
//! - **Costs** one allocation for each head that an id is written into which was made here, and one for `server-timing`.
//!
//! # In a handler
//!
//! The id is that of the [current](tower_telemetry_core::current()) exchange; with the feature `axum`, [`RequestId`] is
//! an extractor. A request that came without an id is not given one in its headers: it reaches the handler as it was sent.
//!
//! # Features
//!
//! - `axum`: [`RequestId`] is an extractor.

mod contract;
mod header;
mod layer;
mod maker;
mod observer;
mod sanitised;
mod v7;

pub use contract::{Audience, ResponseContract};
pub use layer::{RequestIdLayer, RequestIds};
pub use observer::RequestIdObserver;
pub use tower_telemetry_core::RequestId;
