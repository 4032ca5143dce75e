//! All windows say the same: one exchange in, and metric, span, log line and header out, as one sentence.
//!
//! Each scenario runs over a real socket, observed on both of its ends. The expected sentences read
//! `route status grpc-status error.type ending verdict`, first of the server, then of the client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod grpc;
mod http;
mod ids;
mod stage;
