//! The way to an OTLP collector, whatever the signal: where it goes, in which form, and when to try again.
//!
//! What travels is bytes: a signal encodes its request once, and an attempt more costs nothing more.

mod backoff;
pub(crate) mod batches;
mod bytes_codec;
mod compression;
mod endpoint;
mod exports;
mod failure;
mod grpc;
mod headers;
mod http;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
pub(crate) mod receiver;
mod settings;
mod signal;
mod tls;
mod transport;

pub(crate) use self::backoff::Backoff;
#[cfg(test)]
pub(crate) use self::compression::Compression;
#[cfg(test)]
pub(crate) use self::endpoint::Protocol;
pub(crate) use self::exports::{Exports, Outcome};
pub(crate) use self::failure::{Advice, Failure};
pub(crate) use self::settings::{Destination, millis, number, one_of};
pub(crate) use self::signal::Signal;
pub(crate) use self::transport::Transport;
