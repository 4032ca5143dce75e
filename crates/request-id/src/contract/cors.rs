//! `access-control-expose-headers`: that pages of other origins may read the headers of the contract (the Fetch standard).

use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS};
use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::header::{
    SERVER_TIMING, TRACERESPONSE, X_CACHE_STATUS, X_RESPONSE_TIME_MS, X_TRACE_ID,
};

/// Appends the headers of the contract that stand in the response and are not exposed yet.
///
/// For where another origin is meant: the request names one, or the response says which may read it. Who that is, is the
/// program's to say.
#[cold]
pub(super) fn expose(id: &HeaderName, headers: &mut HeaderMap) {
    let contract = [id, &SERVER_TIMING, &X_RESPONSE_TIME_MS, &X_TRACE_ID, &TRACERESPONSE, &X_CACHE_STATUS];
    let missing: Vec<&str> = contract
        .into_iter()
        .filter(|name| headers.contains_key(*name) && !is_exposed(name, headers))
        .map(HeaderName::as_str)
        .collect();
    if let Ok(line) = HeaderValue::try_from(missing.join(", "))
        && !missing.is_empty()
    {
        // A map of headers has room for 32,768; one that is full goes without.
        let _ = headers.try_append(ACCESS_CONTROL_EXPOSE_HEADERS, line);
    }
}

fn is_exposed(name: &HeaderName, headers: &HeaderMap) -> bool {
    // With credentials a `*` is a name like any other.
    let has_credentials =
        headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS).is_some_and(|value| value.as_bytes() == b"true");
    let lines = headers.get_all(ACCESS_CONTROL_EXPOSE_HEADERS).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).any(
        |exposed| {
            exposed.eq_ignore_ascii_case(name.as_str().as_bytes()) || (exposed == b"*" && !has_credentials)
        },
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use tower_telemetry_core::names::header::X_REQUEST_ID;

    use super::*;

    fn exposed(lines: &[(HeaderName, &'static str)]) -> Vec<String> {
        let mut headers: HeaderMap =
            lines.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        headers.insert(X_REQUEST_ID, HeaderValue::from_static("id"));
        headers.insert(X_RESPONSE_TIME_MS, HeaderValue::from_static("1"));
        expose(&X_REQUEST_ID, &mut headers);
        let lines = headers.get_all(ACCESS_CONTROL_EXPOSE_HEADERS).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_stands_in_the_response_is_appended_and_nothing_else() {
        assert_eq!(exposed(&[]), ["x-request-id, x-response-time-ms"]);
        let own = (ACCESS_CONTROL_EXPOSE_HEADERS, "x-app, X-Request-ID");
        assert_eq!(exposed(&[own]), ["x-app, X-Request-ID", "x-response-time-ms"]);
    }

    #[test]
    fn a_star_exposes_all_but_with_credentials() {
        let all = (ACCESS_CONTROL_EXPOSE_HEADERS, "*");
        assert_eq!(exposed(std::slice::from_ref(&all)), ["*"]);
        let credentials = (ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        assert_eq!(exposed(&[all, credentials]), ["*", "x-request-id, x-response-time-ms"]);
    }
}
