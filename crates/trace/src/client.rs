//! The client of a server, before all proxies.

use std::net::IpAddr;

use tower_telemetry_core::forwarded::{Forwarded, node};

use crate::arrival::Sight;

/// `client.address` and `client.port`: the first node of `Forwarded`, else of `X-Forwarded-For`, else the peer.
///
/// For spans only, since a client chooses what these headers say. A node that hides its address tells none.
pub(crate) fn of(sight: &Sight<'_>) -> Option<(IpAddr, Option<u16>)> {
    let forwarded = sight.forwarded.and_then(|header| node(Forwarded::of(header).client?));
    let first_of_list = || {
        let list = sight.forwarded_for?.to_str().ok()?;
        node(list.split(',').next()?.trim())
    };
    let peer = || sight.peer.map(|peer| (peer.0.ip(), Some(peer.0.port())));
    forwarded.or_else(first_of_list).or_else(peer)
}

#[cfg(test)]
mod tests {
    use tower_telemetry_core::{PeerAddr, Protocol, Side};

    use super::*;
    use crate::style::Style;

    fn client(headers: &[(&'static str, &'static str)]) -> Option<String> {
        let mut request = http::Request::builder().extension(PeerAddr(([10, 0, 0, 1], 4711).into()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let head = request.body(()).ok()?.into_parts().0;
        let (address, port) = of(&Sight::of(Side::Server, Protocol::Http, &head, &Style::default()))?;
        Some(format!("{address} {}", port.map_or("-".into(), |port| port.to_string())))
    }

    #[test]
    fn the_client_is_the_first_that_a_proxy_tells_else_the_peer() {
        let is = |headers: &[_], told: &str| assert_eq!(client(headers).as_deref(), Some(told));
        is(&[], "10.0.0.1 4711");
        is(&[("x-forwarded-for", "83.164.160.102, 10.0.0.9")], "83.164.160.102 -");
        is(&[("x-forwarded-for", "83.164.160.102:80")], "83.164.160.102 80");
        is(&[("x-forwarded-for", "1.2.3.4"), ("forwarded", "for=\"[2001:db8::1]:80\"")], "2001:db8::1 80");
        is(&[("forwarded", "for=_hidden"), ("x-forwarded-for", "1.2.3.4")], "1.2.3.4 -");
        is(&[("x-forwarded-for", "<script>")], "10.0.0.1 4711");
    }
}
