//! Where metrics go and how often, as the environment says.

use std::time::Duration;

use http::HeaderMap;

use super::endpoint::{self, Endpoint};
use super::headers;
use super::histograms::Layout;
use super::temporality::Temporality;
use crate::error::InitError;
use crate::settings::Environment;

const INTERVAL: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_secs(10);

/// All that can be chosen.
///
/// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) endpoint: Endpoint,
    pub(crate) headers: HeaderMap,
    /// From the start of one export to that of the next.
    pub(crate) interval: Duration,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    pub(crate) temporality: Temporality,
    pub(crate) layout: Layout,
}

impl Settings {
    /// Reads them; `None` where nobody wants metrics.
    pub(crate) fn of(environment: Environment) -> Result<Option<Self>, InitError> {
        if environment.is_true("OTEL_SDK_DISABLED") || !is_exporter_chosen(environment) {
            return Ok(None);
        }
        let Some(endpoint) = endpoint::of(environment)? else { return Ok(None) };
        let timeout = match millis(environment, "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT")? {
            Some(timeout) => Some(timeout),
            None => millis(environment, "OTEL_EXPORTER_OTLP_TIMEOUT")?,
        };
        Ok(Some(Self {
            endpoint,
            headers: headers::of(environment)?,
            interval: millis(environment, "OTEL_METRIC_EXPORT_INTERVAL")?.unwrap_or(INTERVAL),
            timeout: timeout.unwrap_or(TIMEOUT),
            temporality: word(
                environment,
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
                "`cumulative`, `delta` or `lowmemory`",
                &[
                    ("cumulative", Temporality::Cumulative),
                    ("delta", Temporality::Delta),
                    ("lowmemory", Temporality::LowMemory),
                ],
            )?
            .unwrap_or_default(),
            layout: word(
                environment,
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "`explicit_bucket_histogram` or `base2_exponential_bucket_histogram`",
                &[
                    ("explicit_bucket_histogram", Layout::Explicit),
                    ("base2_exponential_bucket_histogram", Layout::Exponential),
                ],
            )?
            .unwrap_or_default(),
        }))
    }
}

/// Looks the value of a variable up in a list of words, whatever their case.
pub(crate) fn word<T: Copy>(
    environment: Environment,
    variable: &'static str,
    expected: &'static str,
    words: &[(&str, T)],
) -> Result<Option<T>, InitError> {
    let Some(value) = environment.get(variable) else { return Ok(None) };
    match words.iter().find(|(word, _)| value.eq_ignore_ascii_case(word)) {
        Some((_, meaning)) => Ok(Some(*meaning)),
        None => Err(InitError::Environment { variable, value, expected }),
    }
}

/// `OTEL_METRICS_EXPORTER` is a list; without it, OTLP is meant.
fn is_exporter_chosen(environment: Environment) -> bool {
    let chosen = environment.get("OTEL_METRICS_EXPORTER");
    chosen.is_none_or(|list| list.split(',').any(|exporter| exporter.trim().eq_ignore_ascii_case("otlp")))
}

fn millis(environment: Environment, variable: &'static str) -> Result<Option<Duration>, InitError> {
    let Some(value) = environment.get(variable) else { return Ok(None) };
    match value.parse() {
        Ok(millis) if millis > 0 => Ok(Some(Duration::from_millis(millis))),
        _ => Err(InitError::Environment { variable, value, expected: "a number of milliseconds above zero" }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::otlp_metrics::endpoint::Protocol;

    fn of(read: fn(&'static str) -> Option<String>) -> Result<Option<Settings>, String> {
        Settings::of(Environment::of(read)).map_err(|error| error.to_string())
    }

    #[test]
    fn without_an_endpoint_nothing_is_exported() {
        assert!(of(|_| None).unwrap().is_none());
        assert!(of(|name| (name == "OTEL_METRICS_EXPORTER").then(|| "otlp".into())).unwrap().is_none());
    }

    #[test]
    fn an_endpoint_alone_is_enough() {
        let settings = of(|name| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()));
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.endpoint.protocol, Protocol::Grpc);
        assert_eq!((settings.interval, settings.timeout), (INTERVAL, TIMEOUT));
        assert_eq!((settings.temporality, settings.layout), (Temporality::Cumulative, Layout::Explicit));
    }

    #[test]
    fn the_environment_chooses() {
        let settings = of(|name| {
            let value = match name {
                "OTEL_EXPORTER_OTLP_ENDPOINT" => "http://c:4317",
                "OTEL_METRICS_EXPORTER" => "prometheus, otlp",
                "OTEL_METRIC_EXPORT_INTERVAL" => "500",
                "OTEL_EXPORTER_OTLP_TIMEOUT" => "1",
                "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT" => "2",
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE" => "Delta",
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION" => {
                    "base2_exponential_bucket_histogram"
                }
                _ => return None,
            };
            Some(value.into())
        });
        let settings = settings.unwrap().unwrap();
        assert_eq!(
            (settings.interval, settings.timeout),
            (Duration::from_millis(500), Duration::from_millis(2))
        );
        assert_eq!((settings.temporality, settings.layout), (Temporality::Delta, Layout::Exponential));
    }

    #[test]
    fn who_wants_no_metrics_or_no_telemetry_gets_none() {
        for read in [
            (|name| match name {
                "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://c:4317".into()),
                "OTEL_METRICS_EXPORTER" => Some("none".into()),
                _ => None,
            }) as fn(&'static str) -> Option<String>,
            |name| match name {
                "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://c:4317".into()),
                "OTEL_SDK_DISABLED" => Some("true".into()),
                _ => None,
            },
        ] {
            assert!(of(read).unwrap().is_none());
        }
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_names_the_variable() {
        let zero = of(|name| match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://c:4317".into()),
            "OTEL_METRIC_EXPORT_INTERVAL" => Some("0".into()),
            _ => None,
        });
        assert!(zero.unwrap_err().contains("OTEL_METRIC_EXPORT_INTERVAL=\"0\""));
        let word = of(|name| match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://c:4317".into()),
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE" => Some("weekly".into()),
            _ => None,
        });
        assert!(word.unwrap_err().contains("PREFERENCE=\"weekly\""));
    }
}
