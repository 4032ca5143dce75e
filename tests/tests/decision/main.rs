//! What is kept, and what all windows and all processes say of it, over real stacks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod hop;
mod inner;
mod script;
mod spans;
mod windows;
