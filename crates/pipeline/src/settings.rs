//! What the environment says, read once when telemetry is set up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

use tower_telemetry_trace::{Format, Propagation};

use crate::error::InitError;

/// The port of OpenTelemetry's Prometheus exporters.
const PROMETHEUS_PORT: u16 = 9464;

/// The environment, as a function of the name: a test has its own.
#[derive(Clone, Copy)]
pub(crate) struct Environment(fn(&'static str) -> Option<String>);

impl Environment {
    pub(crate) const fn process() -> Self {
        Self(|name| std::env::var(name).ok())
    }

    /// One that says nothing.
    #[cfg(feature = "testing")]
    pub(crate) const fn empty() -> Self {
        Self(|_| None)
    }

    #[cfg(test)]
    pub(crate) const fn of(read: fn(&'static str) -> Option<String>) -> Self {
        Self(read)
    }

    /// The value of a variable; an empty one counts as unset, as OpenTelemetry asks.
    pub(crate) fn get(self, name: &'static str) -> Option<String> {
        (self.0)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn is_true(self, name: &'static str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Where `/metrics` is to answer: the environment's host and port over those of the code.
    pub(crate) fn admin(self, code: Option<SocketAddr>) -> Result<SocketAddr, InitError> {
        const HOST: &str = "OTEL_EXPORTER_PROMETHEUS_HOST";
        const PORT: &str = "OTEL_EXPORTER_PROMETHEUS_PORT";
        let addr = code.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PROMETHEUS_PORT));
        let port = match self.get(PORT) {
            Some(value) => value.parse().map_err(|_| InitError::Environment {
                variable: PORT,
                value,
                expected: "a port from 0 to 65535",
            })?,
            None => addr.port(),
        };
        match self.get(HOST) {
            Some(host) => {
                (host.as_str(), port).to_socket_addrs().ok().and_then(|mut addrs| addrs.next()).ok_or(
                    InitError::Environment {
                        variable: HOST,
                        value: host,
                        expected: "a host of this machine",
                    },
                )
            }
            None => Ok(SocketAddr::new(addr.ip(), port)),
        }
    }

    /// The propagation of the code, with the formats of the environment if it names some.
    pub(crate) fn propagation(self, code: Propagation) -> Result<Propagation, InitError> {
        const PROPAGATORS: &str = "OTEL_PROPAGATORS";
        let Some(value) = self.get(PROPAGATORS) else { return Ok(code) };
        match Format::parse(&value) {
            Ok(formats) => Ok(code.with_formats(formats)),
            Err(_unknown) => {
                Err(InitError::Environment { variable: PROPAGATORS, value, expected: Format::EXPECTED })
            }
        }
    }

    /// The known HTTP methods, if they are replaced. They live as long as the process.
    pub(crate) fn known_methods(self) -> Option<&'static [&'static str]> {
        let list = self.get("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS")?;
        let methods: Vec<&'static str> = list
            .split(',')
            .map(str::trim)
            .filter(|method| !method.is_empty())
            .map(|method| &*Box::leak(Box::from(method)))
            .collect();
        Some(Vec::leak(methods))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_environment_the_code_decides_and_then_the_default() {
        let empty = Environment::of(|_| None);
        assert_eq!(empty.admin(None).ok(), Some(([127, 0, 0, 1], 9464).into()));
        assert_eq!(empty.admin(Some(([127, 0, 0, 1], 1).into())).ok(), Some(([127, 0, 0, 1], 1).into()));
        assert_eq!(empty.known_methods(), None);
    }

    #[test]
    fn the_environment_wins_over_the_code() {
        let port = Environment::of(|name| (name == "OTEL_EXPORTER_PROMETHEUS_PORT").then(|| " 9999 ".into()));
        assert_eq!(port.admin(Some(([127, 0, 0, 1], 1).into())).ok(), Some(([127, 0, 0, 1], 9999).into()));
    }

    #[test]
    fn a_port_that_is_none_is_an_error_that_names_the_variable() {
        let port = Environment::of(|name| (name == "OTEL_EXPORTER_PROMETHEUS_PORT").then(|| "many".into()));
        let message = port.admin(None).map_err(|error| error.to_string());
        assert!(message.is_err_and(|message| message.contains("OTEL_EXPORTER_PROMETHEUS_PORT=\"many\"")));
    }

    #[test]
    fn the_formats_of_the_environment_replace_those_of_the_code() {
        let formats = |read: fn(&'static str) -> Option<String>| {
            let propagation = Environment::of(read).propagation(Propagation::new([Format::Jaeger]));
            propagation.map(|propagation| propagation.formats().to_vec()).map_err(|error| error.to_string())
        };
        assert_eq!(formats(|_| None), Ok(vec![Format::Jaeger]));
        assert_eq!(formats(|_| Some("b3multi, baggage".into())), Ok(vec![Format::B3Multi, Format::Baggage]));
        assert_eq!(formats(|_| Some("none".into())), Ok(Vec::new()));
        let message = formats(|name| (name == "OTEL_PROPAGATORS").then(|| "b3,xray".into()));
        assert!(
            message.is_err_and(|message| message.contains("OTEL_PROPAGATORS") && message.contains("b3multi"))
        );
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        assert_eq!(Environment::of(|_| Some("  ".into())).get("OTEL_SERVICE_NAME"), None);
    }

    #[test]
    fn known_methods_are_a_comma_list() {
        let methods = Environment::of(|_| Some("GET, PROPFIND,,".into())).known_methods();
        assert_eq!(methods, Some(&["GET", "PROPFIND"][..]));
    }
}
