//! Known HTTP methods: a method from the wire is one of them, or `_OTHER`.

use std::sync::OnceLock;

use crate::names;

/// The methods of RFC 9110, PATCH (RFC 5789) and QUERY, as the conventions list them; case-sensitive.
pub const DEFAULT: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"];

static REPLACEMENT: OnceLock<&'static [&'static str]> = OnceLock::new();

/// The known method of this exact name, else `_OTHER`.
#[must_use]
pub fn known(method: &http::Method) -> &'static str {
    let known = REPLACEMENT.get().copied().unwrap_or(DEFAULT);
    let method = method.as_str();
    known.iter().find(|known| **known == method).copied().unwrap_or(names::OTHER)
}

/// Replaces the list for this process, in full, as `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` asks.
///
/// # Errors
/// The first list stands: a second, different one is given back.
pub fn replace_known(methods: &'static [&'static str]) -> Result<(), &'static [&'static str]> {
    let standing = REPLACEMENT.get_or_init(|| methods);
    if *standing == methods { Ok(()) } else { Err(methods) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_from_the_wire_is_known_or_other() {
        assert_eq!(known(&http::Method::GET), "GET");
        assert_eq!(known(&http::Method::from_bytes(b"QUERY").unwrap_or_default()), "QUERY");
        for wire in ["get", "PROPFIND", "X", "GETT"] {
            assert_eq!(
                known(&http::Method::from_bytes(wire.as_bytes()).unwrap_or_default()),
                "_OTHER",
                "{wire}"
            );
        }
    }
}
