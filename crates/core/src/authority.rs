//! The server that a client speaks to, in bounded number.

use http::Uri;

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
    /// A fixed authority of the program's own text, such as the target of a gRPC channel.
    #[must_use]
    pub const fn new(host: &'static str, port: u16) -> Self {
        Self { host, port: Some(port) }
    }

    /// The authority of this URI, if it has one.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        let host = uri.host().filter(|host| !host.is_empty())?;
        let asked = uri.authority()?.as_str();
        let asked = asked.rsplit_once('@').map_or(asked, |(_credentials, asked)| asked);
        let port = uri.port_u16().or_else(|| match uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        });
        // With its port, or one host would be as many series as there are ports.
        Some(match HOSTS.intern(asked).and_then(|asked| asked.get(..host.len())) {
            Some(host) => Self { host: without_brackets(host), port },
            None => Self { host: names::OTHER, port: None },
        })
    }
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
}
