//! Spans by the conventions: what stands on the span of each kind of exchange, in either profile of names.
//!
//! The tables run both sides of an exchange in one process, the service and its body as a script says, and compare the
//! span with the table, with the list of attributes that the conventions want, and with metric and access line of the
//! same exchange. What a stack alone can show runs over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod addresses;
mod capture;
mod exceptions;
mod grpc;
mod http;
mod names;
mod required;
mod retries;
mod scene;
mod streams;
mod versions;
mod wire;
