//! Addresses: whom the client asked for, who the client is, who stands at the other end of the connection.

use http::Version;
use opentelemetry::{KeyValue, StringValue};
use tower_telemetry_core::names::attribute;
use tower_telemetry_core::{Exchange, PeerAddr, Side};

use crate::arrival::Sight;
use crate::client;
use crate::extra::Extra;
use crate::host;

pub(super) fn arrival(exchange: &Exchange, sight: &Sight<'_>, attributes: &mut Vec<KeyValue>) {
    server(exchange, sight, attributes);
    peer(sight.peer, attributes);
    if exchange.side == Side::Server && !exchange.protocol.is_grpc() {
        the_client(sight, attributes);
    }
    if sight.style.wants(Extra::NetworkTransport) {
        // QUIC alone runs over UDP.
        let transport = if exchange.version == Version::HTTP_3 { "udp" } else { "tcp" };
        attributes.push(KeyValue::new(attribute::NETWORK_TRANSPORT, transport));
    }
}

/// The other end of the connection.
pub(super) fn peer(peer: Option<PeerAddr>, attributes: &mut Vec<KeyValue>) {
    if let Some(PeerAddr(address)) = peer {
        attributes.push(KeyValue::new(attribute::NETWORK_PEER_ADDRESS, address.ip().to_string()));
        attributes.push(KeyValue::new(attribute::NETWORK_PEER_PORT, i64::from(address.port())));
    }
}

/// The server that a client speaks to; on the server, the one that it was asked for.
fn server(exchange: &Exchange, sight: &Sight<'_>, attributes: &mut Vec<KeyValue>) {
    let (address, port) = match exchange.side {
        Side::Client => match exchange.server {
            Some(server) => (StringValue::from(server.host), server.port),
            None => return,
        },
        Side::Server => match host::asked_for(sight) {
            Some(asked) => asked,
            None => return,
        },
    };
    attributes.push(KeyValue::new(attribute::SERVER_ADDRESS, address));
    if let Some(port) = port {
        attributes.push(KeyValue::new(attribute::SERVER_PORT, i64::from(port)));
    }
}

/// The client before all proxies, as they tell it.
fn the_client(sight: &Sight<'_>, attributes: &mut Vec<KeyValue>) {
    let Some((address, port)) = client::of(sight) else { return };
    attributes.push(KeyValue::new(attribute::CLIENT_ADDRESS, address.to_string()));
    if let Some(port) = port.filter(|_| sight.style.wants(Extra::ClientPort)) {
        attributes.push(KeyValue::new(attribute::CLIENT_PORT, i64::from(port)));
    }
}
