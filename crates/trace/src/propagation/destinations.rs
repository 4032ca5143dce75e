//! Who may be told the context of a request.

use std::fmt;
use std::sync::Arc;

/// Which servers are told context and baggage: all, those of a list, or as a closure says.
///
/// Others get neither, and what stands in the request under the names of the chosen formats is removed: ids of a trace
/// and values of baggage are nothing for third parties.
///
/// ```
/// use tower_telemetry_trace::Destinations;
///
/// let hosts = Destinations::hosts(["orders.internal", "*.svc.cluster.local"]);
/// assert!(hosts.allow("orders.internal") && hosts.allow("Stock.svc.cluster.local"));
/// assert!(!hosts.allow("svc.cluster.local") && !hosts.allow("example.com"));
/// ```
#[derive(Clone, Default)]
pub struct Destinations(Allowed);

#[derive(Clone, Default)]
enum Allowed {
    #[default]
    All,
    Hosts(Arc<[String]>),
    By(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Destinations {
    /// Every server.
    #[must_use]
    pub fn all() -> Self {
        Self(Allowed::All)
    }

    /// The servers of these names and addresses, without a port, in any case; IPv6 without brackets.
    ///
    /// `*.example.com` allows every name below `example.com`, and not `example.com` itself.
    pub fn hosts(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Allowed::Hosts(hosts.into_iter().map(Into::into).collect()))
    }

    /// The servers of which `allow` says so, by their name or address.
    pub fn by(allow: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Allowed::By(Arc::new(allow)))
    }

    /// Whether this server is told; IPv6 without brackets.
    #[must_use]
    pub fn allow(&self, host: &str) -> bool {
        match &self.0 {
            Allowed::All => true,
            Allowed::Hosts(hosts) => {
                let host = host.strip_suffix('.').unwrap_or(host);
                hosts.iter().any(|pattern| matches(pattern, host))
            }
            Allowed::By(allow) => allow(host),
        }
    }

    /// Whether a server is told of which nobody knows the name.
    pub(crate) const fn allow_unknown(&self) -> bool {
        matches!(self.0, Allowed::All)
    }
}

fn matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) if suffix.starts_with('.') => {
            let at = host.len().checked_sub(suffix.len()).filter(|&at| at > 0);
            at.and_then(|at| host.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        }
        _ => pattern.eq_ignore_ascii_case(host),
    }
}

impl fmt::Debug for Destinations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Allowed::All => f.write_str("All"),
            Allowed::Hosts(hosts) => f.debug_tuple("Hosts").field(hosts).finish(),
            Allowed::By(_) => f.write_str("By(..)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_matched_as_a_whole_and_in_any_case() {
        let hosts = Destinations::hosts(["Orders.internal", "::1", "127.0.0.1"]);
        for allowed in ["orders.internal", "ORDERS.INTERNAL", "orders.internal.", "::1", "127.0.0.1"] {
            assert!(hosts.allow(allowed), "{allowed}");
        }
        for refused in
            ["", "internal", "a.orders.internal", "orders.internal.example.com", "xorders.internal"]
        {
            assert!(!hosts.allow(refused), "{refused}");
        }
    }

    #[test]
    fn a_pattern_allows_what_is_below_a_name() {
        let hosts = Destinations::hosts(["*.example.com"]);
        assert!(hosts.allow("a.example.com") && hosts.allow("a.b.EXAMPLE.com"));
        for refused in
            ["example.com", ".example.com", "badexample.com", "a.example.com.evil.net", "\u{e9}xample.com"]
        {
            assert!(!hosts.allow(refused), "{refused}");
        }
        assert!(!Destinations::hosts(["*"]).allow("example.com"), "a star alone is no pattern");
    }
}
