//! Spans nest in one trace, whoever makes them and wherever the work goes on. Installs a global subscriber, since
//! work goes on on other threads; tests tell their spans apart by the trace that each begins.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod callee;
mod carrier;
mod chain;
mod house;
mod interceptor;
mod later;
mod neighbours;
mod orders;
mod service;
mod shift;
