//! What a stranger sends costs bounded memory, is counted, and stays text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod flood;
mod hostile;
mod lines;
mod request_ids;
mod storm;
