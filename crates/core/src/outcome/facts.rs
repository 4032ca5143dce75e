//! What a judgement rests on.

use http::StatusCode;

use crate::grpc::Code;
use crate::outcome::ending::Ending;
use crate::protocol::Protocol;
use crate::side::Side;

/// What is known of an exchange when it is judged.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Facts {
    /// Which side is watching.
    pub side: Side,
    /// What the status means.
    pub protocol: Protocol,
    /// How it ended.
    pub ending: Ending,
    /// The HTTP status, if a head was made.
    pub status: Option<StatusCode>,
    /// The gRPC status, if one was given.
    pub grpc: Option<Code>,
    /// The closed name of the error that ended the exchange, if one did.
    pub fault: Option<&'static str>,
    /// Whether the response is `text/event-stream`, which only its reader ends.
    pub event_stream: bool,
}

impl Facts {
    /// Facts of an exchange of this side and protocol with this ending, and nothing else known yet.
    #[must_use]
    pub const fn new(side: Side, protocol: Protocol, ending: Ending) -> Self {
        Self { side, protocol, ending, status: None, grpc: None, fault: None, event_stream: false }
    }
}
