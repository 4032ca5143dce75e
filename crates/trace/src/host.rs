//! The host that a client asked for.

use http::{HeaderValue, uri::Authority};

use crate::arrival::Arrival;

/// `server.address` and `server.port` as the request tells them: the first forwarded host,
/// `:authority`, or `Host`. For spans only, since a client chooses it.
pub(crate) fn asked_for(arrival: &Arrival) -> Option<(String, Option<u16>)> {
    let authority = arrival
        .forwarded_host
        .as_ref()
        .and_then(forwarded)
        .or_else(|| arrival.uri.authority().cloned())
        .or_else(|| arrival.host.as_ref().and_then(|host| Authority::try_from(host.as_bytes()).ok()))?;
    let host = authority.host();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (!host.is_empty()).then(|| (host.to_owned(), authority.port_u16()))
}

fn forwarded(hosts: &HeaderValue) -> Option<Authority> {
    let first = hosts.to_str().ok()?.split(',').next()?.trim();
    Authority::try_from(first).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &'static str, headers: &[(&'static str, &'static str)]) -> Option<(String, Option<u16>)> {
        let mut request = http::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        asked_for(&Arrival::of(&request.body(()).ok()?.into_parts().0))
    }

    #[test]
    fn the_host_is_that_of_the_first_who_tells_it() {
        let told = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(asked("/", &[("host", "example.com:8080")]), told("example.com", Some(8080)));
        assert_eq!(asked("/", &[("host", "[::1]:80")]), told("::1", Some(80)));
        assert_eq!(asked("http://a.b/", &[("host", "c.d")]), told("a.b", None));
        assert_eq!(asked("/", &[("host", "c.d"), ("x-forwarded-host", "e.f, g.h")]), told("e.f", None));
        assert_eq!(asked("/", &[]), None);
        assert_eq!(asked("/", &[("host", "bad host")]), None);
    }
}
