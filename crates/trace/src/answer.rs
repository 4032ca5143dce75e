//! What a span may want of a response head.

use http::response;
use tower_telemetry_core::names::header::GRPC_STATUS;
use tower_telemetry_core::{Exchange, PeerAddr, Side};

use crate::capture::{Captured, Of};
use crate::style::Style;

/// Cheap clones of what a response head says.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// The peer of a client.
    pub(crate) peer: Option<PeerAddr>,
    pub(crate) captured: Captured,
    /// Whether the span ends here, though the stream goes on.
    pub(crate) ends_span: bool,
}

impl Answer {
    /// Of a response; `None` where there is nothing to keep.
    pub(crate) fn of(exchange: &Exchange, head: &response::Parts, style: &Style) -> Option<Self> {
        let peer = match exchange.side {
            Side::Client => style.peer(&head.extensions),
            Side::Server => None,
        };
        let mut captured = Captured::default();
        if let Some(capture) = style.capture() {
            captured.find(Of::Response, exchange.protocol, capture, &head.headers);
            if exchange.protocol.is_grpc() && head.headers.contains_key(GRPC_STATUS) {
                // The head of a call without a message is its trailers too.
                captured.find(Of::Trailers, exchange.protocol, capture, &head.headers);
            }
        }
        let ends_span = style.streams().end_at(exchange, head);
        (peer.is_some() || !captured.is_empty() || ends_span).then_some(Self { peer, captured, ends_span })
    }
}
