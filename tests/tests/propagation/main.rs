//! The context of a caller comes in by its headers, is on spans and lines, and goes out to callees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod baggage;
mod destinations;
mod formats;
mod harness;
mod hop;
mod inbound;
mod metadata;
mod outbound;
mod text_map;
mod trust;
