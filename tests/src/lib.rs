//! Helpers shared by the cross-crate tests: telemetry that can be read back, servers on real sockets, and callers.
//!
//! Nothing here sleeps: a test waits for a fact with [`until`], or for a signal of its own handler.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

/// The guide's own code, compiled as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide.md")]
pub struct Guide;

/// That of the response contract, too.
#[cfg(doctest)]
#[doc = include_str!("../../docs/response-contract.md")]
pub struct ResponseContract;
/// The examples of the page on configuration.
#[cfg(doctest)]
#[doc = include_str!("../../docs/configuration.md")]
pub struct Configuration;

/// The examples of the page on testing.
#[cfg(doctest)]
#[doc = include_str!("../../docs/testing.md")]
pub struct Testing;

mod call;
mod captured;
mod echo;
pub mod proto;
mod rig;
mod server;
mod told;
mod until;

pub use call::{Answer, Caller, PlainClient, answer, grpc, request};
pub use captured::{Captured, Line};
pub use echo::Echo;
pub use rig::Rig;
pub use server::Server;
pub use told::{attribute, of_line, of_metrics, of_span, sentence};
pub use until::{soon, until};
