//! The other end of the connection that an exchange runs over.

use std::net::SocketAddr;

use http::Extensions;

use crate::stacks;

/// The address of the immediate peer: `network.peer.address` and `network.peer.port` of spans. Never a label.
///
/// Known by itself where the stack of a server tells it: axum's `ConnectInfo<SocketAddr>` (feature `axum`), tonic's
/// `TcpConnectInfo` (feature `tonic`). An accept loop of one's own puts it into the extensions of each request, a
/// connector of one's own into those of each response:
///
/// ```
/// use tower_telemetry_core::PeerAddr;
///
/// # let (address, mut request) = (std::net::SocketAddr::from(([127, 0, 0, 1], 4711)), http::Request::new(()));
/// request.extensions_mut().insert(PeerAddr(address));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerAddr(pub SocketAddr);

impl PeerAddr {
    /// The peer that these extensions tell: of a request on a server, of a response on a client.
    ///
    /// An IPv4 address that a socket for both families writes as IPv6 is told as IPv4.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        let told = extensions.get::<Self>().map(|peer| peer.0).or_else(|| stacks::peer(extensions))?;
        Some(Self(SocketAddr::new(told.ip().to_canonical(), told.port())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Option<String> {
        let mut extensions = Extensions::new();
        extensions.insert(PeerAddr(address.parse().ok()?));
        PeerAddr::of(&extensions).map(|peer| peer.0.to_string())
    }

    #[test]
    fn a_peer_is_told_by_whoever_accepted_its_connection() {
        assert_eq!(PeerAddr::of(&Extensions::new()), None);
        assert_eq!(peer("10.1.2.3:4711").as_deref(), Some("10.1.2.3:4711"));
        assert_eq!(peer("[2001:db8::1]:80").as_deref(), Some("[2001:db8::1]:80"));
    }

    #[test]
    fn an_ipv4_peer_of_a_socket_for_both_families_is_told_as_ipv4() {
        assert_eq!(peer("[::ffff:10.1.2.3]:4711").as_deref(), Some("10.1.2.3:4711"));
    }
}
