//! Where a signal goes, and in which protocol.

use std::fmt;

use http::Uri;
use http::uri::{PathAndQuery, Scheme};

use super::settings::{own_or_all, word};
use super::signal::{Signal, Variable};
use crate::error::InitError;
use crate::settings::Environment;
use crate::tls::Tls;

/// The ports of a collector.
const GRPC_PORT: u16 = 4317;
const HTTP_PORT: u16 = 4318;

/// The address of a collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) protocol: Protocol,
    /// With scheme and host; over HTTP with the whole path.
    pub(crate) uri: Uri,
}

/// How a request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Grpc,
    HttpProtobuf,
}

impl Endpoint {
    /// Reads both; `None` where no variable names an address.
    ///
    /// Without a protocol, the port of OTLP over gRPC means gRPC, and everything else HTTP, the specification's default.
    pub(crate) fn of(environment: Environment, signal: Signal) -> Result<Option<Self>, InitError> {
        let Some((variable, value)) = own_or_all(environment, signal, Variable::ENDPOINT) else {
            return Ok(None);
        };
        let said = Protocol::of(environment, signal)?;
        let uri = address(environment, signal, said, variable, value)?;
        let protocol = said.unwrap_or(match uri.port_u16() {
            Some(GRPC_PORT) => Protocol::Grpc,
            _ => Protocol::HttpProtobuf,
        });
        // The address of the signal is taken as it is; that of all signals is a place below which each has its own.
        let shared = variable == Variable::ENDPOINT.all;
        let uri = if shared && protocol == Protocol::HttpProtobuf { below(uri, signal) } else { uri };
        Ok(Some(Self { protocol, uri }))
    }

    /// A collector on this machine.
    pub(crate) fn local(environment: Environment, signal: Signal) -> Result<Self, InitError> {
        let protocol = Protocol::of(environment, signal)?.unwrap_or(Protocol::HttpProtobuf);
        let (port, path) = match protocol {
            Protocol::Grpc => (GRPC_PORT, ""),
            Protocol::HttpProtobuf => (HTTP_PORT, signal.http_path()),
        };
        let text = format!("http://localhost:{port}/{path}");
        let uri = text.parse().map_err(|_| InitError::Environment {
            variable: signal.exporter(),
            value: text,
            expected: "an address of a collector",
        })?;
        Ok(Self { protocol, uri })
    }
}

impl Protocol {
    /// `None` where no variable says.
    fn of(environment: Environment, signal: Signal) -> Result<Option<Self>, InitError> {
        let words = [("grpc", Self::Grpc), ("http/protobuf", Self::HttpProtobuf)];
        word(environment, signal, Variable::PROTOCOL, "`grpc` or `http/protobuf`", &words)
    }

    /// As the variable writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::HttpProtobuf => "http/protobuf",
        }
    }
}

/// Without what may stand before the host: that would be a password.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, uri } = self;
        write!(f, "{}://{}", uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default())?;
        if let Some(port) = uri.port() {
            write!(f, ":{port}")?;
        }
        write!(f, "{} ({})", uri.path().trim_end_matches('/'), protocol.name())
    }
}

fn address(
    environment: Environment,
    signal: Signal,
    protocol: Option<Protocol>,
    variable: &'static str,
    value: String,
) -> Result<Uri, InitError> {
    let uri: Option<Uri> = value.parse().ok();
    // For gRPC alone the specification allows an address without a scheme.
    let uri = match uri {
        Some(uri) if uri.scheme().is_none() && protocol == Some(Protocol::Grpc) => {
            let insecure = own_or_all(environment, signal, Variable::INSECURE);
            let insecure = insecure.is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"));
            let scheme = if insecure { "http" } else { "https" };
            format!("{scheme}://{value}").parse().ok()
        }
        uri => uri,
    };
    let uri = uri.filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    let uri = uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    match uri {
        Some(uri) if uri.scheme() == Some(&Scheme::HTTPS) && !Tls::SPOKEN => Err(InitError::Environment {
            variable,
            value,
            expected: "an address without TLS, such as `http://localhost:4318`, or the feature `tls`",
        }),
        Some(uri) => Ok(uri),
        None => Err(InitError::Environment {
            variable,
            value,
            expected: "an address such as `http://localhost:4318`",
        }),
    }
}

fn below(base: Uri, signal: Signal) -> Uri {
    let path = format!("{}/{}", base.path().trim_end_matches('/'), signal.http_path());
    let mut parts = base.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path).ok();
    // Never the other: a path that was one, with more of a path.
    Uri::from_parts(parts).unwrap_or(base)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const ALL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";

    type Read = fn(&'static str) -> Option<String>;

    #[track_caller]
    fn check(read: Read, signal: Signal, protocol: Protocol, uri: &'static str) {
        let endpoint = Endpoint::of(Environment::of(read), signal).unwrap();
        assert_eq!(endpoint, Some(Endpoint { protocol, uri: Uri::from_static(uri) }));
    }

    fn error(read: Read) -> String {
        Endpoint::of(Environment::of(read), Signal::Metrics).unwrap_err().to_string()
    }

    #[test]
    fn over_http_a_signal_has_a_place_below_that_of_all_signals() {
        let read: Read = |name| (name == ALL).then(|| "http://c:4318/otlp/".into());
        check(read, Signal::Metrics, Protocol::HttpProtobuf, "http://c:4318/otlp/v1/metrics");
        check(read, Signal::Traces, Protocol::HttpProtobuf, "http://c:4318/otlp/v1/traces");
    }

    #[test]
    fn the_address_of_a_signal_is_taken_as_it_is() {
        let read: Read = |name| match name {
            METRICS => Some("http://c:1".into()),
            ALL => Some("http://d:2".into()),
            "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL" => Some("http/protobuf".into()),
            PROTOCOL => Some("grpc".into()),
            _ => None,
        };
        check(read, Signal::Metrics, Protocol::HttpProtobuf, "http://c:1/");
        check(read, Signal::Traces, Protocol::Grpc, "http://d:2/");
    }

    #[test]
    fn where_no_protocol_is_said_the_port_of_grpc_means_grpc() {
        check(
            |name| (name == ALL).then(|| "http://c:4317".into()),
            Signal::Traces,
            Protocol::Grpc,
            "http://c:4317",
        );
        check(
            |name| (name == ALL).then(|| "http://c:9".into()),
            Signal::Traces,
            Protocol::HttpProtobuf,
            "http://c:9/v1/traces",
        );
        check(
            |name| match name {
                ALL => Some("http://c:4317".into()),
                PROTOCOL => Some("http/protobuf".into()),
                _ => None,
            },
            Signal::Traces,
            Protocol::HttpProtobuf,
            "http://c:4317/v1/traces",
        );
    }

    #[test]
    fn a_grpc_address_may_lack_its_scheme() {
        let insecure: Read = |name| match name {
            ALL => Some("c:4317".into()),
            PROTOCOL => Some("grpc".into()),
            "OTEL_EXPORTER_OTLP_INSECURE" => Some("true".into()),
            _ => None,
        };
        check(insecure, Signal::Traces, Protocol::Grpc, "http://c:4317");
    }

    #[test]
    fn without_a_variable_a_collector_of_this_machine_can_be_meant() {
        let told = |read: Read| {
            let environment = Environment::of(read);
            assert_eq!(Endpoint::of(environment, Signal::Traces).unwrap(), None);
            Endpoint::local(environment, Signal::Traces).unwrap().to_string()
        };
        assert_eq!(told(|_| None), "http://localhost:4318/v1/traces (http/protobuf)");
        let grpc = told(|name| (name == PROTOCOL).then(|| "grpc".into()));
        assert_eq!(grpc, "http://localhost:4317 (grpc)");
    }

    #[test]
    fn what_cannot_be_spoken_is_an_error() {
        assert!(error(|name| (name == ALL).then(|| "ftp://c:1".into())).contains(ALL));
        assert!(error(|name| (name == ALL).then(|| "localhost:4317".into())).contains(ALL));
        let json = error(|name| match name {
            ALL => Some("http://c:4318".into()),
            PROTOCOL => Some("http/json".into()),
            _ => None,
        });
        assert!(json.contains("http/protobuf"));
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn tls_without_its_feature_is_an_error_that_names_it() {
        assert!(error(|name| (name == ALL).then(|| "https://c:4317".into())).contains("feature `tls`"));
    }

    #[cfg(feature = "tls")]
    #[test]
    fn tls_is_spoken() {
        let read: Read = |name| (name == ALL).then(|| "https://c".into());
        check(read, Signal::Traces, Protocol::HttpProtobuf, "https://c/v1/traces");
    }

    #[test]
    fn a_password_is_not_told() {
        let uri = Uri::from_static("http://me:secret@c:1/v1/traces");
        let endpoint = Endpoint { protocol: Protocol::HttpProtobuf, uri };
        assert_eq!(endpoint.to_string(), "http://c:1/v1/traces (http/protobuf)");
    }
}
