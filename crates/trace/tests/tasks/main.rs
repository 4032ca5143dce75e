//! What goes on elsewhere belongs to the exchange that it was handed over in.
#![cfg(feature = "tokio")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod ends;
mod envelope;
mod links;
mod spawn;
#[path = "../support/stage.rs"]
mod stage;
