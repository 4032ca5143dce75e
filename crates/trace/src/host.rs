//! The host that a client asked for.

use http::uri::Authority;
use tower_telemetry_core::forwarded::Forwarded;

use crate::arrival::Arrival;

/// `server.address` and `server.port` as the request tells them: the host of `Forwarded` or `X-Forwarded-Host`,
/// `:authority`, or `Host`; of a gRPC call `:authority` or `Host` alone. For spans only, since a client chooses it.
pub(crate) fn asked_for(arrival: &Arrival) -> Option<(String, Option<u16>)> {
    let forwarded = || authority(Forwarded::of(arrival.forwarded.as_ref()?).host?.as_bytes());
    let forwarded_host = || {
        let first = arrival.forwarded_host.as_ref()?.to_str().ok()?.split(',').next()?;
        authority(first.trim().as_bytes())
    };
    let authority = forwarded()
        .or_else(forwarded_host)
        .or_else(|| arrival.uri.authority().cloned())
        .or_else(|| authority(arrival.host.as_ref()?.as_bytes()))?;
    let host = authority.host();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (!host.is_empty()).then(|| (host.to_owned(), authority.port_u16()))
}

fn authority(text: &[u8]) -> Option<Authority> {
    Authority::try_from(text).ok()
}

#[cfg(test)]
mod tests {
    use tower_telemetry_core::{Protocol, Side};

    use super::*;
    use crate::style::Style;

    type Asked = Option<(String, Option<u16>)>;

    fn asked(protocol: Protocol, uri: &'static str, headers: &[(&'static str, &'static str)]) -> Asked {
        let mut request = http::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let head = request.body(()).ok()?.into_parts().0;
        asked_for(&Arrival::read(Side::Server, protocol, &head, &Style::default()))
    }

    fn told(host: &str, port: Option<u16>) -> Asked {
        Some((host.to_owned(), port))
    }

    #[test]
    fn the_host_is_that_of_the_first_who_tells_it() {
        let asked = |uri, headers: &[_]| asked(Protocol::Http, uri, headers);
        assert_eq!(asked("/", &[("host", "example.com:8080")]), told("example.com", Some(8080)));
        assert_eq!(asked("/", &[("host", "[::1]:80")]), told("::1", Some(80)));
        assert_eq!(asked("http://a.b/", &[("host", "c.d")]), told("a.b", None));
        assert_eq!(asked("/", &[("host", "c.d"), ("x-forwarded-host", "e.f, g.h")]), told("e.f", None));
        let both = [("x-forwarded-host", "e.f"), ("forwarded", "host=\"[2001:db8::1]:81\"")];
        assert_eq!(asked("/", &both), told("2001:db8::1", Some(81)));
        assert_eq!(asked("/", &[]), None);
        assert_eq!(asked("/", &[("host", "bad host")]), None);
        assert_eq!(asked("/", &[("host", "c.d"), ("forwarded", "host=\"bad host\"")]), told("c.d", None));
    }

    /// The conventions of RPC take the host of `:authority`; a gRPC-Web call over HTTP/1 has `Host` instead.
    #[test]
    fn the_host_of_a_call_is_that_of_the_call_alone() {
        let headers = [("host", "c.d:82"), ("x-forwarded-host", "e.f"), ("forwarded", "host=g.h")];
        assert_eq!(asked(Protocol::Grpc, "http://a.b:81/s.S/M", &headers), told("a.b", Some(81)));
        assert_eq!(asked(Protocol::GrpcWeb, "/s.S/M", &headers), told("c.d", Some(82)));
    }
}
