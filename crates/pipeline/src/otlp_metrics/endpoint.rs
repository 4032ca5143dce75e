//! Where metrics go, and in which protocol.

use http::Uri;
use http::uri::{PathAndQuery, Scheme};

use super::settings::word;
use crate::error::InitError;
use crate::settings::Environment;

const ALL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const PATH: &str = "v1/metrics";

/// The address of a collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) protocol: Protocol,
    /// With scheme and host; over HTTP with the whole path.
    pub(crate) uri: Uri,
}

/// How a request travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Protocol {
    #[default]
    Grpc,
    HttpProtobuf,
}

/// Reads both; `None` where no variable names an address.
pub(crate) fn of(environment: Environment) -> Result<Option<Endpoint>, InitError> {
    let protocol = match protocol_of(environment, "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL")? {
        Some(protocol) => protocol,
        None => protocol_of(environment, "OTEL_EXPORTER_OTLP_PROTOCOL")?.unwrap_or_default(),
    };
    // The address of the signal is taken as it is; that of all signals is a place below which each has its own.
    let uri = match (environment.get(METRICS), environment.get(ALL)) {
        (Some(value), _) => address(METRICS, value)?,
        (None, Some(value)) if protocol == Protocol::HttpProtobuf => below(address(ALL, value)?),
        (None, Some(value)) => address(ALL, value)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(Endpoint { protocol, uri }))
}

fn protocol_of(environment: Environment, variable: &'static str) -> Result<Option<Protocol>, InitError> {
    let words = [("grpc", Protocol::Grpc), ("http/protobuf", Protocol::HttpProtobuf)];
    word(environment, variable, "`grpc` or `http/protobuf`", &words)
}

/// Without TLS: to speak it, whoever builds the program would have to choose how.
fn address(variable: &'static str, value: String) -> Result<Uri, InitError> {
    let uri = value.parse().ok().filter(|uri: &Uri| uri.scheme() == Some(&Scheme::HTTP));
    uri.filter(|uri| uri.host().is_some_and(|host| !host.is_empty())).ok_or(InitError::Environment {
        variable,
        value,
        expected: "an address such as `http://localhost:4317`, without TLS",
    })
}

fn below(base: Uri) -> Uri {
    let path = format!("{}/{PATH}", base.path().trim_end_matches('/'));
    let mut parts = base.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path).ok();
    // Never the other: a path that was one, with more of a path.
    Uri::from_parts(parts).unwrap_or(base)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn check(read: fn(&'static str) -> Option<String>, protocol: Protocol, uri: &'static str) {
        let endpoint = of(Environment::of(read)).unwrap();
        assert_eq!(endpoint, Some(Endpoint { protocol, uri: Uri::from_static(uri) }));
    }

    #[test]
    fn over_http_metrics_have_a_place_below_that_of_all_signals() {
        check(
            |name| match name {
                ALL => Some("http://c:4318/otlp/".into()),
                "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("http/protobuf".into()),
                _ => None,
            },
            Protocol::HttpProtobuf,
            "http://c:4318/otlp/v1/metrics",
        );
    }

    #[test]
    fn the_address_of_metrics_is_taken_as_it_is() {
        check(
            |name| match name {
                METRICS => Some("http://c:1".into()),
                ALL => Some("http://d:2".into()),
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL" => Some("http/protobuf".into()),
                "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("grpc".into()),
                _ => None,
            },
            Protocol::HttpProtobuf,
            "http://c:1/",
        );
    }

    #[test]
    fn what_cannot_be_spoken_is_an_error() {
        let tls = of(Environment::of(|name| (name == ALL).then(|| "https://c:4317".into())));
        assert!(tls.unwrap_err().to_string().contains("without TLS"));
        let host = of(Environment::of(|name| (name == ALL).then(|| "localhost:4317".into())));
        assert!(host.unwrap_err().to_string().contains("OTEL_EXPORTER_OTLP_ENDPOINT"));
        let json = of(Environment::of(|name| match name {
            ALL => Some("http://c:4318".into()),
            "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("http/json".into()),
            _ => None,
        }));
        assert!(json.unwrap_err().to_string().contains("http/protobuf"));
    }
}
