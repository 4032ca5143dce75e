//! The server that a client speaks to, in bounded number.

use http::{HeaderValue, Uri, uri};

use crate::intern::Interner;
use crate::names;

/// At most this many servers, by host and port, are told apart; a client that follows URLs of others can meet any
/// number.
pub const HOSTS_MAX: usize = 1_024;

static HOSTS: Interner = Interner::new(HOSTS_MAX);

/// `server.address` and `server.port` of an outgoing request.
///
/// # Cardinality
/// At most [`HOSTS_MAX`] pairs in the life of the process; further ones are `_OTHER` without a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Authority {
    /// The host name or address, IPv6 without brackets.
    pub host: &'static str,
    /// The port, told or implied by the scheme.
    pub port: Option<u16>,
}

impl Authority {
    const OTHER: Self = Self { host: names::OTHER, port: None };

    /// A fixed authority of the program's own text, such as the target of a gRPC channel.
    #[must_use]
    pub const fn new(host: &'static str, port: u16) -> Self {
        Self { host, port: Some(port) }
    }

    /// The server of a gRPC target, as the conventions read one: `grpc.io:50051`, `dns://1.2.3.4/grpc.io:50051` and
    /// tonic's `http://grpc.io:50051` are the host `grpc.io` and its port, `unix:///run/x.sock` is the path of the
    /// socket, and anything else (`zk://..`, `ipv4:a:1,b:2`) is told as it is, without a port.
    ///
    /// ```
    /// use tower_telemetry_core::Authority;
    ///
    /// assert_eq!(Authority::of_target("dns:///grpc.io:50051"), Authority::new("grpc.io", 50051));
    /// ```
    #[must_use]
    pub fn of_target(target: &str) -> Self {
        if let Some(path) = target.strip_prefix("unix:") {
            // `unix:path`, `unix:///absolute/path`.
            return Self::whole(path.strip_prefix("//").unwrap_or(path));
        }
        let (endpoint, implied) = if let Some(name) = target.strip_prefix("dns:") {
            match name.strip_prefix("//") {
                // The authority of the target is the server of names, not that of the call.
                Some(rest) => (rest.split_once('/').map_or("", |(_resolver, name)| name), None),
                None => (name, None),
            }
        } else if let Some(rest) = target.strip_prefix("http://") {
            (until_path(rest), Some(80))
        } else if let Some(rest) = target.strip_prefix("https://") {
            (until_path(rest), Some(443))
        } else {
            (target, None)
        };
        // A user's part is no part of an address, and any scheme but those above has a port that is no number.
        let asked = endpoint.parse::<uri::Authority>().ok().filter(|asked| !asked.as_str().contains('@'));
        asked.and_then(|asked| Self::told(&asked, implied)).unwrap_or_else(|| Self::whole(target))
    }

    /// The authority of this URI, if it has one.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        let implied = match uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        };
        Self::told(uri.authority()?, implied)
    }

    /// The authority of this `Host` header.
    pub(crate) fn of_host(host: &HeaderValue) -> Option<Self> {
        Self::told(&uri::Authority::try_from(host.as_bytes()).ok()?, None)
    }

    fn told(authority: &uri::Authority, implied: Option<u16>) -> Option<Self> {
        let host = authority.host();
        if host.is_empty() {
            return None;
        }
        let asked = authority.as_str();
        let asked = asked.rsplit_once('@').map_or(asked, |(_credentials, asked)| asked);
        // With its port, or one host would be as many series as there are ports.
        Some(match HOSTS.intern(asked).and_then(|asked| asked.get(..host.len())) {
            Some(host) => Self { host: without_brackets(host), port: authority.port_u16().or(implied) },
            None => Self::OTHER,
        })
    }

    fn whole(target: &str) -> Self {
        HOSTS.intern(target).map_or(Self::OTHER, |host| Self { host, port: None })
    }
}

fn until_path(rest: &str) -> &str {
    rest.split_once('/').map_or(rest, |(authority, _path)| authority)
}

fn without_brackets(host: &'static str) -> &'static str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(uri: &'static str) -> Option<(&'static str, Option<u16>)> {
        Authority::of(&Uri::from_static(uri)).map(|authority| (authority.host, authority.port))
    }

    #[test]
    fn the_authority_is_host_and_port() {
        assert_eq!(authority("http://localhost:3000/x"), Some(("localhost", Some(3000))));
        assert_eq!(authority("https://example.com/x"), Some(("example.com", Some(443))));
        assert_eq!(authority("http://[::1]:80/"), Some(("::1", Some(80))));
        assert_eq!(authority("http://user:pass@example.com:81/x"), Some(("example.com", Some(81))));
        assert_eq!(authority("/only/a/path"), None);
    }

    #[test]
    fn a_target_is_read_as_the_conventions_do() {
        for (target, host, port) in [
            ("grpc.io:50051", "grpc.io", Some(50051)),
            ("grpc.io", "grpc.io", None),
            ("dns://1.2.3.4/grpc.io:50051", "grpc.io", Some(50051)),
            ("dns:///grpc.io:50051", "grpc.io", Some(50051)),
            ("dns:grpc.io:50051", "grpc.io", Some(50051)),
            ("http://grpc.io:50051", "grpc.io", Some(50051)),
            ("https://grpc.io/", "grpc.io", Some(443)),
            ("[::1]:50051", "::1", Some(50051)),
            ("unix:///run/containerd/containerd.sock", "/run/containerd/containerd.sock", None),
            ("unix:run/x.sock", "run/x.sock", None),
            ("zk://zookeeper:2181/my-server", "zk://zookeeper:2181/my-server", None),
            (
                "ipv4:198.51.100.123:50051,198.51.100.124:50051",
                "ipv4:198.51.100.123:50051,198.51.100.124:50051",
                None,
            ),
        ] {
            assert_eq!(Authority::of_target(target), Authority { host, port }, "{target}");
        }
    }

    #[test]
    fn a_host_header_is_host_and_port() {
        let of = |host| Authority::of_host(&HeaderValue::from_static(host));
        assert_eq!(of("[::1]:80"), Some(Authority::new("::1", 80)));
        assert_eq!(of("example.org"), Some(Authority { host: "example.org", port: None }));
        assert_eq!(of("not a host"), None);
    }
}
