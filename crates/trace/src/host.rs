//! The host that a client asked for.

use std::cell::RefCell;
use std::sync::Arc;

use http::uri::Authority;
use opentelemetry::StringValue;
use tower_telemetry_core::Value;
use tower_telemetry_core::forwarded::Forwarded;

use crate::arrival::Sight;
use crate::attributes::capped;

/// Longer texts than this are not remembered: no name is longer, but for its port.
const LAST_MAX: usize = 260;

thread_local! {
    /// Most requests of a service ask for the host that the one before asked for.
    static LAST: RefCell<Last> = const { RefCell::new(Last { text: Vec::new(), told: None }) };
}

/// What was read last, and what it told.
struct Last {
    text: Vec<u8>,
    told: Option<(StringValue, Option<u16>)>,
}

/// `server.address` and `server.port` as the request tells them: the host of `Forwarded` or `X-Forwarded-Host`,
/// `:authority`, or `Host`; of a gRPC call `:authority` or `Host` alone. For spans only, since a client chooses it.
pub(crate) fn asked_for(sight: &Sight<'_>) -> Option<(StringValue, Option<u16>)> {
    let forwarded = || told(Forwarded::of(sight.forwarded?).host?.as_bytes());
    let forwarded_host = || {
        let first = sight.forwarded_host?.to_str().ok()?.split(',').next()?;
        told(first.trim().as_bytes())
    };
    let (host, port) = forwarded()
        .or_else(forwarded_host)
        .or_else(|| sight.uri.authority().map(of_authority))
        .or_else(|| told(sight.host?.as_bytes()))?;
    (!host.as_str().is_empty()).then_some((host, port))
}

fn told(text: &[u8]) -> Option<(StringValue, Option<u16>)> {
    if text.len() > LAST_MAX {
        return read(text);
    }
    let remembered = |last: &RefCell<Last>| {
        let mut last = last.try_borrow_mut().ok()?;
        if last.text != text {
            last.told = read(text);
            last.text.clear();
            last.text.extend_from_slice(text);
        }
        Some(last.told.clone())
    };
    LAST.try_with(remembered).ok().flatten().unwrap_or_else(|| read(text))
}

fn read(text: &[u8]) -> Option<(StringValue, Option<u16>)> {
    if let Some((host, port)) = plain(text) {
        // Shared, so that it can be told again.
        return Some((Arc::<str>::from(Value::cut(host)).into(), port));
    }
    Authority::try_from(text).ok().as_ref().map(of_authority)
}

fn of_authority(authority: &Authority) -> (StringValue, Option<u16>) {
    let host = authority.host();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (capped(host), authority.port_u16())
}

/// A name or an IPv4 address, with a port or without: nearly all, and read without a copy.
fn plain(text: &[u8]) -> Option<(&str, Option<u16>)> {
    let text = str::from_utf8(text).ok()?;
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => {
            let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            (host, Some(port.parse().ok().filter(|_| is_number)?))
        }
        None => (text, None),
    };
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (!host.is_empty() && host.bytes().all(is_of_name)).then_some((host, port))
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
        let (host, port) = asked_for(&Sight::of(Side::Server, protocol, &head, &Style::default()))?;
        Some((host.as_str().to_owned(), port))
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

    #[test]
    fn what_was_told_last_is_told_of_the_same_text_alone() {
        for text in ["a.b:80", "a.b:80", "a.b", "[::1]:80", "[::1]:80", "", "bad host", "a.b", "a.b:8"] {
            assert_eq!(super::told(text.as_bytes()), read(text.as_bytes()), "{text}");
        }
        let long = "a".repeat(2 * LAST_MAX);
        assert_eq!(super::told(long.as_bytes()), Some((long.into(), None)));
    }

    #[test]
    fn a_plain_host_is_read_as_any_authority_is() {
        let cut = |text: &str| plain(text.as_bytes()).map(|(host, port)| (host.to_owned(), port));
        for text in ["localhost", "a-b.c_d:80", "127.0.0.1:65535"] {
            let authority = Authority::try_from(text).ok();
            let read = authority.map(|authority| (authority.host().to_owned(), authority.port_u16()));
            assert_eq!((cut(text), cut(text).is_some()), (read, true), "{text}");
        }
        for text in
            ["", ":80", "a:", "a:+80", "a:65536", "[::1]:80", "a@b", "a b", "a/b", "a:80:90", "\u{e9}"]
        {
            assert_eq!(cut(text), None, "{text}");
        }
    }

    /// The conventions of RPC take the host of `:authority`; a gRPC-Web call over HTTP/1 has `Host` instead.
    #[test]
    fn the_host_of_a_call_is_that_of_the_call_alone() {
        let headers = [("host", "c.d:82"), ("x-forwarded-host", "e.f"), ("forwarded", "host=g.h")];
        assert_eq!(asked(Protocol::Grpc, "http://a.b:81/s.S/M", &headers), told("a.b", Some(81)));
        assert_eq!(asked(Protocol::GrpcWeb, "/s.S/M", &headers), told("c.d", Some(82)));
    }
}
