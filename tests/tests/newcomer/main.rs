//! A service of five lines, as a process of its own: what it does unconfigured, and what its environment changes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod collector;
mod disabled;
mod own_events;
mod process;
mod resource;
mod unconfigured;
