//! Who writes the route, wherever the layer stands; and a path of the wire is never a label.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod grpc;
mod http;
mod outgoing;
