//! One decision for each exchange: at its head, or at its end with all that is known by then.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise"
)]

mod calls;
mod fate;
mod hints;
mod stage;
