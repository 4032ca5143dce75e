//! Tasks and workers go on with what is current, and are counted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod handled;
mod spawn;
mod workers;
