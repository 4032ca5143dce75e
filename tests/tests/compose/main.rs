//! The layers stand wherever tower layers stand, beside those of others, and record the outcome that is true there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod bodies;
mod client;
mod errors;
mod limits;
mod middleware;
mod service;
mod told;
mod tonic_stack;
