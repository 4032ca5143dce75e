//! Tells whether a live service keeps the response contract, by asking it what no well-behaved caller would ask.
//!
//! A handful of requests go out ([`Heard::of`]); what came back is judged rule by rule ([`judge`]), without a socket.

mod answer;
mod ask;
mod client;
mod heard;
mod report;
mod rules;

pub use answer::Answer;
pub use ask::{Ask, Protocol};
pub use client::{Client, ClientError};
pub use heard::Heard;
pub use report::{Caller, Report, Row, Verdict};
pub use rules::judge;
