//! What must not leave the process: credentials and signatures in URLs.

use std::borrow::Cow;

use http::Uri;
use tower_telemetry_core::{Authority, Scheme, names};

/// Keys of the conventions whose values are secrets, case-sensitive.
const SECRET_KEYS: &[&str] = &[
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Goog-Signature",
];

const REDACTED: &str = "REDACTED";

/// The query with the values of secret keys redacted; the keys stay.
pub(crate) fn query(query: &str) -> Cow<'_, str> {
    let is_secret = |pair: &str| {
        pair.split_once('=').is_some_and(|(key, value)| !value.is_empty() && SECRET_KEYS.contains(&key))
    };
    if !query.split('&').any(is_secret) {
        return Cow::Borrowed(query);
    }
    let pairs: Vec<_> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if is_secret(pair) => format!("{key}={REDACTED}"),
            _ => pair.to_owned(),
        })
        .collect();
    Cow::Owned(pairs.join("&"))
}

/// The whole URL without credentials, and with its query redacted.
///
/// What an origin-form target (`/path`) does not tell is told by the exchange: the scheme and the server.
pub(crate) fn url(uri: &Uri, scheme: Scheme, server: Option<Authority>) -> String {
    let mut url = String::new();
    if let Some(scheme) = uri.scheme_str() {
        url.push_str(scheme);
        url.push_str("://");
    }
    if let Some(authority) = uri.authority() {
        match authority.as_str().rsplit_once('@') {
            Some((_, host)) => {
                url.push_str("REDACTED:REDACTED@");
                url.push_str(host);
            }
            None => url.push_str(authority.as_str()),
        }
    } else if let Some(Authority { host, port }) = server.filter(|server| server.host != names::OTHER) {
        url.push_str(scheme.as_str());
        url.push_str("://");
        let is_ipv6 = host.contains(':');
        url.push_str(if is_ipv6 { "[" } else { "" });
        url.push_str(host);
        url.push_str(if is_ipv6 { "]" } else { "" });
        if let Some(port) = port {
            url.push(':');
            url.push_str(&port.to_string());
        }
    }
    url.push_str(uri.path());
    if let Some(told) = uri.query() {
        url.push('?');
        url.push_str(&query(told));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_value_is_redacted_and_its_key_stays() {
        assert_eq!(query("a=1&sig=abc&b=2"), "a=1&sig=REDACTED&b=2");
        assert_eq!(
            query("X-Amz-Signature=x&X-Goog-Signature=y"),
            "X-Amz-Signature=REDACTED&X-Goog-Signature=REDACTED"
        );
    }

    #[test]
    fn what_is_no_secret_is_left_as_it_is() {
        for plain in ["", "a=1", "SIG=1", "sig", "sig=", "x&&y==", "assignature=1"] {
            assert!(matches!(query(plain), Cow::Borrowed(same) if same == plain), "{plain}");
        }
    }

    #[test]
    fn credentials_of_a_url_are_redacted() {
        let url = |uri| url(&Uri::from_static(uri), Scheme::Http, None);
        assert_eq!(
            url("https://user:pass@example.com:8443/a?b=c&sig=d"),
            "https://REDACTED:REDACTED@example.com:8443/a?b=c&sig=REDACTED"
        );
        assert_eq!(url("http://token@example.com/"), "http://REDACTED:REDACTED@example.com/");
        assert_eq!(url("/only/path"), "/only/path");
    }

    #[test]
    fn a_target_without_a_host_is_completed_with_the_server() {
        let url = |server| url(&Uri::from_static("/a?b"), Scheme::Https, Some(server));
        assert_eq!(url(Authority::new("a.b", 8443)), "https://a.b:8443/a?b");
        assert_eq!(url(Authority::new("::1", 80)), "https://[::1]:80/a?b");
        assert_eq!(url(Authority { host: "a.b", port: None }), "https://a.b/a?b");
    }
}
