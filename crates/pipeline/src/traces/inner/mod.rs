//! Spans that a program makes within an exchange that waits, buffered until its end decides.
//!
//! The SDK is told to record them without the sampled flag, and what it records ends here: under the exchange whose
//! end decides. Kept, they go where all spans go, with the flag set; else they are dropped.

mod buffer;
mod counts;
mod held;
mod limits;
mod open;
mod request;
mod size;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests;
mod within;

pub use limits::InnerSpans;

pub(super) use buffer::Buffer;
pub(super) use within::Within;
