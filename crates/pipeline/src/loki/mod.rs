//! Log lines to Loki, by its push API.
//!
//! A line is encoded on the thread that logs ([`sink`]) and waits in bounded memory ([`queue`], [`lane`]). A thread of its own
//! makes batches ([`batch`]) and brings them to Loki ([`sender`], [`client`]): straight from the queue ([`worker`]), or by way
//! of the disk ([`spooled`], [`spool`]). From an event to its batch nothing is allocated once buffers have grown.

mod answer;
mod backoff;
mod base64;
mod batch;
mod builder;
mod client;
mod counts;
mod destination;
mod environment;
mod error;
mod labels;
mod lane;
mod level;
mod queue;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod receiver;
mod sender;
mod set_up;
mod settings;
mod sink;
mod split;
mod spool;
mod spooled;
mod stop;
mod streams;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests;
mod wire;
mod worker;

pub use self::error::LokiError;
pub(crate) use self::set_up::{Choice, LokiPush, start, unheard};
pub use self::settings::Loki;
