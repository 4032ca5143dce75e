//! The context of a caller comes in by its headers, is on spans and lines, and goes out to callees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod hop;
mod inbound;
mod outbound;
mod trust;
