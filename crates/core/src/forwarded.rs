//! What proxies tell of the request that they passed on: `Forwarded` (RFC 7239).

use std::net::{IpAddr, SocketAddr};

use http::HeaderValue;

/// The first element of a `Forwarded` header: what the proxy nearest to the client said.
///
/// A client can write the header itself, so nothing in it is a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forwarded<'a> {
    /// `for`: the node that made the request; see [`node`].
    pub client: Option<&'a str>,
    /// `host`: the `Host` that the client asked for.
    pub host: Option<&'a str>,
    /// `proto`: the scheme that the client used.
    pub proto: Option<&'a str>,
}

impl<'a> Forwarded<'a> {
    /// Reads the first element; what is malformed in it is as if it were not there.
    #[must_use]
    pub fn of(header: &'a HeaderValue) -> Self {
        let mut told = Self::default();
        let Ok(mut rest) = header.to_str() else { return told };
        loop {
            let (name, after) = rest.split_once('=').unwrap_or((rest, ""));
            if name.contains([',', ';', '"']) {
                return told;
            }
            let Some((value, after)) = value(after) else { return told };
            let slot = match name.trim() {
                name if name.eq_ignore_ascii_case("for") => Some(&mut told.client),
                name if name.eq_ignore_ascii_case("host") => Some(&mut told.host),
                name if name.eq_ignore_ascii_case("proto") => Some(&mut told.proto),
                _ => None,
            };
            if let Some(slot) = slot
                && !value.is_empty()
            {
                *slot = Some(value);
            }
            match after.trim_start().strip_prefix(';') {
                Some(further) => rest = further,
                None => return told,
            }
        }
    }
}

/// The address of a node, with its port if it tells one: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`,
/// `2001:db8::1`.
///
/// A node that hides itself (`unknown`, `_secret`) has none.
#[must_use]
pub fn node(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some((socket.ip().to_canonical(), Some(socket.port())));
    }
    // A port may be hidden as well: `192.0.2.1:_port`.
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(inner, _)| inner);
    let address = bracketed.unwrap_or_else(|| text.split_once(":_").map_or(text, |(address, _)| address));
    address.parse::<IpAddr>().ok().map(|address| (address.to_canonical(), None))
}

/// A token or a quoted string, and what follows it. One with an escape in it is not read.
fn value(text: &str) -> Option<(&str, &str)> {
    match text.trim_start().strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').filter(|(value, _)| !value.contains('\\')),
        None => {
            let end = text.find([';', ',']).unwrap_or(text.len());
            text.split_at_checked(end).map(|(value, rest)| (value.trim(), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(header: &'static str) -> [Option<&'static str>; 3] {
        let header: &'static HeaderValue = Box::leak(Box::new(HeaderValue::from_static(header)));
        let Forwarded { client, host, proto } = Forwarded::of(header);
        [client, host, proto]
    }

    #[test]
    fn the_first_element_is_told_whatever_its_order_and_case() {
        assert_eq!(
            told("for=192.0.2.60;proto=https;by=203.0.113.43;host=a.b"),
            [Some("192.0.2.60"), Some("a.b"), Some("https")]
        );
        assert_eq!(
            told("Proto=http; FOR=\"[2001:db8::1]:4711\""),
            [Some("[2001:db8::1]:4711"), None, Some("http")]
        );
        assert_eq!(told("for=192.0.2.43, for=198.51.100.17;host=c.d"), [Some("192.0.2.43"), None, None]);
        assert_eq!(told("host=\"a.b:80;x\" ; for=_hidden"), [Some("_hidden"), Some("a.b:80;x"), None]);
    }

    #[test]
    fn what_is_malformed_is_as_if_it_were_not_there() {
        for malformed in ["", ",", ";", "for", "for=", "for=\"", "for=\"a\\\"b\"", "=x", "a;for=b"] {
            assert_eq!(told(malformed), [None; 3], "{malformed}");
        }
        assert_eq!(told("for=1.2.3.4;host=\"a"), [Some("1.2.3.4"), None, None]);
    }

    #[test]
    fn a_node_is_an_address_with_or_without_a_port() {
        let told = |text| node(text).map(|(address, port)| (address.to_string(), port));
        assert_eq!(told("192.0.2.1"), Some(("192.0.2.1".into(), None)));
        assert_eq!(told("192.0.2.1:80"), Some(("192.0.2.1".into(), Some(80))));
        assert_eq!(told("192.0.2.1:_x"), Some(("192.0.2.1".into(), None)));
        assert_eq!(told("[2001:db8::1]"), Some(("2001:db8::1".into(), None)));
        assert_eq!(told("[2001:db8::1]:80"), Some(("2001:db8::1".into(), Some(80))));
        assert_eq!(told("2001:db8::1"), Some(("2001:db8::1".into(), None)));
        for hidden in ["unknown", "_secret", "", "example.com", "[::1"] {
            assert_eq!(told(hidden), None, "{hidden}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(header) = HeaderValue::from_bytes(&bytes) {
                let told = Forwarded::of(&header);
                let _ = told.client.and_then(node);
            }
        }
    }
}
