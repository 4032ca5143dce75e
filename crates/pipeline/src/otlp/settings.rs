//! What the environment says about the way of a signal.

use std::num::NonZeroUsize;
use std::time::Duration;

use http::HeaderMap;

use super::compression::Compression;
use super::endpoint::Endpoint;
use super::headers;
use super::signal::{Signal, Variable};
use super::tls;
use crate::error::InitError;
use crate::settings::Environment;
use crate::tls::Tls;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Where a signal goes, and how.
///
/// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) endpoint: Endpoint,
    pub(crate) headers: HeaderMap,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    pub(crate) compression: Compression,
    pub(crate) tls: Tls,
}

/// Whether a list of exporters holds OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// There is no list: an address decides.
    Open,
    Otlp,
    Other,
}

impl Destination {
    /// Reads it; `None` where nobody wants the signal.
    pub(crate) fn of(environment: Environment, signal: Signal) -> Result<Option<Self>, InitError> {
        let choice = Choice::of(environment, signal)?;
        if environment.is_true("OTEL_SDK_DISABLED") || choice == Choice::Other {
            return Ok(None);
        }
        let endpoint = match (Endpoint::of(environment, signal)?, choice) {
            (Some(endpoint), _) => endpoint,
            (None, Choice::Otlp) => Endpoint::local(environment, signal)?,
            (None, _) => return Ok(None),
        };
        let timeout = own_or_all(environment, signal, Variable::TIMEOUT);
        let codings = [("none", Compression::None), ("gzip", Compression::Gzip)];
        let compression = word(environment, signal, Variable::COMPRESSION, "`gzip` or `none`", &codings)?;
        Ok(Some(Self {
            headers: headers::of(environment, signal)?,
            timeout: timeout.map_or(Ok(TIMEOUT), |(variable, value)| millis_in(variable, value))?,
            compression: compression.unwrap_or_default(),
            tls: tls::of(environment, signal, &endpoint)?,
            endpoint,
        }))
    }
}

impl Choice {
    fn of(environment: Environment, signal: Signal) -> Result<Self, InitError> {
        let variable = signal.exporter();
        let Some(value) = environment.get(variable) else { return Ok(Self::Open) };
        let mut choice = Self::Other;
        for exporter in value.split(',').map(|exporter| exporter.trim().to_ascii_lowercase()) {
            match (exporter.as_str(), signal) {
                ("otlp", _) => choice = Self::Otlp,
                // What is served and written in any case: pages by the admin listener, lines on standard output.
                ("none", _) | ("prometheus", Signal::Metrics) | ("console", Signal::Logs) => {}
                _ => {
                    let expected = match signal {
                        Signal::Metrics => "a list of `otlp` and `prometheus`, or `none`",
                        Signal::Logs => "a list of `otlp` and `console`, or `none`",
                        Signal::Traces => "`otlp` or `none`",
                    };
                    return Err(InitError::Environment { variable, value, expected });
                }
            }
        }
        Ok(choice)
    }
}

/// The value of the signal's own variable, else that of all signals, with the name of the variable.
pub(crate) fn own_or_all(
    environment: Environment,
    signal: Signal,
    variable: Variable,
) -> Option<(&'static str, String)> {
    variable.of(signal).into_iter().find_map(|name| Some((name, environment.get(name)?)))
}

/// Looks the value of a variable up in a list of words, whatever their case.
pub(crate) fn word<T: Copy>(
    environment: Environment,
    signal: Signal,
    variable: Variable,
    expected: &'static str,
    words: &[(&str, T)],
) -> Result<Option<T>, InitError> {
    let value = own_or_all(environment, signal, variable);
    value.map(|(variable, value)| one_of(variable, value, expected, words)).transpose()
}

/// What a value means, looked up in a list of words, whatever their case.
pub(crate) fn one_of<T: Copy>(
    variable: &'static str,
    value: String,
    expected: &'static str,
    words: &[(&str, T)],
) -> Result<T, InitError> {
    match words.iter().find(|(word, _)| value.eq_ignore_ascii_case(word)) {
        Some((_, meaning)) => Ok(*meaning),
        None => Err(InitError::Environment { variable, value, expected }),
    }
}

/// A time, in milliseconds as all of OpenTelemetry's are.
pub(crate) fn millis(
    environment: Environment,
    variable: &'static str,
) -> Result<Option<Duration>, InitError> {
    environment.get(variable).map(|value| millis_in(variable, value)).transpose()
}

/// A number of things, at least one.
pub(crate) fn number(environment: Environment, variable: &'static str) -> Result<Option<usize>, InitError> {
    let Some(value) = environment.get(variable) else { return Ok(None) };
    match value.parse::<NonZeroUsize>() {
        Ok(number) => Ok(Some(number.get())),
        Err(_) => Err(InitError::Environment { variable, value, expected: "a number above zero" }),
    }
}

fn millis_in(variable: &'static str, value: String) -> Result<Duration, InitError> {
    match value.parse() {
        Ok(millis) if millis > 0 => Ok(Duration::from_millis(millis)),
        _ => Err(InitError::Environment { variable, value, expected: "a number of milliseconds above zero" }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    type Read = fn(&'static str) -> Option<String>;

    const ALL: [Signal; 3] = [Signal::Metrics, Signal::Traces, Signal::Logs];

    fn of(read: Read, signal: Signal) -> Result<Option<Destination>, String> {
        Destination::of(Environment::of(read), signal).map_err(|error| error.to_string())
    }

    #[test]
    fn without_an_address_nothing_is_exported_unless_it_is_asked_for() {
        for signal in ALL {
            assert!(of(|_| None, signal).unwrap().is_none());
        }
        let asked = of(|name| (name == "OTEL_TRACES_EXPORTER").then(|| "otlp".into()), Signal::Traces);
        assert_eq!(
            asked.unwrap().unwrap().endpoint.to_string(),
            "http://localhost:4318/v1/traces (http/protobuf)"
        );
    }

    #[test]
    fn an_address_alone_is_enough() {
        for signal in ALL {
            let read: Read = |name| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into());
            let destination = of(read, signal).unwrap().unwrap();
            assert_eq!((destination.timeout, destination.compression), (TIMEOUT, Compression::None));
        }
    }

    #[test]
    fn what_is_said_for_a_signal_is_not_said_for_another() {
        let read: Read = |name| match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://c:4317".into()),
            "OTEL_EXPORTER_OTLP_TIMEOUT" => Some("1".into()),
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT" => Some("2".into()),
            "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION" => Some("GZIP".into()),
            _ => None,
        };
        let [metrics, traces, logs] = ALL.map(|signal| of(read, signal).unwrap().unwrap());
        assert_eq!((metrics.timeout, metrics.compression), (Duration::from_millis(1), Compression::Gzip));
        assert_eq!((traces.timeout, traces.compression), (Duration::from_millis(2), Compression::None));
        assert_eq!((logs.timeout, logs.compression), (Duration::from_millis(1), Compression::None));
    }

    #[test]
    fn who_wants_no_signal_or_no_telemetry_gets_none() {
        let none: Read = |name| match name {
            "OTEL_METRICS_EXPORTER" | "OTEL_TRACES_EXPORTER" | "OTEL_LOGS_EXPORTER" => Some("none".into()),
            name => (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()),
        };
        let disabled: Read = |name| match name {
            "OTEL_SDK_DISABLED" => Some("true".into()),
            name => (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()),
        };
        for signal in ALL {
            assert!(of(none, signal).unwrap().is_none());
            assert!(of(disabled, signal).unwrap().is_none());
        }
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_names_the_variable() {
        let reads: [(Read, &str); 3] = [
            (
                |name| match name {
                    "OTEL_EXPORTER_OTLP_TIMEOUT" => Some("0".into()),
                    name => (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()),
                },
                "OTEL_EXPORTER_OTLP_TIMEOUT=\"0\"",
            ),
            (
                |name| match name {
                    "OTEL_EXPORTER_OTLP_COMPRESSION" => Some("zip".into()),
                    name => (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()),
                },
                "OTEL_EXPORTER_OTLP_COMPRESSION=\"zip\"",
            ),
            (
                |name| (name == "OTEL_TRACES_EXPORTER").then(|| "zipkin".into()),
                "OTEL_TRACES_EXPORTER=\"zipkin\"",
            ),
        ];
        for (read, told) in reads {
            let error = of(read, Signal::Traces).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn the_list_of_metrics_may_name_what_is_always_served() {
        let both: Read = |name| match name {
            "OTEL_METRICS_EXPORTER" => Some("prometheus, OTLP".into()),
            name => (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()),
        };
        assert!(of(both, Signal::Metrics).unwrap().is_some());
        let one: Read = |name| (name == "OTEL_METRICS_EXPORTER").then(|| "prometheus".into());
        assert!(of(one, Signal::Metrics).unwrap().is_none());
    }
}
