//! What a response tells its caller, beside what the windows tell of the same exchange.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod cache;
mod grpc;
mod http;
mod trace_id;
