//! Where metrics go and how often, as the environment says.

use std::time::Duration;

use super::histograms::Layout;
use super::temporality::Temporality;
use crate::error::InitError;
use crate::otlp::{Destination, Signal, millis, one_of};
use crate::settings::Environment;

const INTERVAL: Duration = Duration::from_secs(60);
const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const AGGREGATION: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";

/// All that can be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) destination: Destination,
    /// From the start of one export to that of the next.
    pub(crate) interval: Duration,
    pub(crate) temporality: Temporality,
    pub(crate) layout: Layout,
}

impl Settings {
    /// Reads them; `None` where nobody wants metrics.
    pub(crate) fn of(environment: Environment) -> Result<Option<Self>, InitError> {
        let Some(destination) = Destination::of(environment, Signal::Metrics)? else { return Ok(None) };
        let temporality = environment.get(TEMPORALITY).map(|value| {
            let expected = "`cumulative`, `delta` or `lowmemory`";
            let words = [
                ("cumulative", Temporality::Cumulative),
                ("delta", Temporality::Delta),
                ("lowmemory", Temporality::LowMemory),
            ];
            one_of(TEMPORALITY, value, expected, &words)
        });
        let layout = environment.get(AGGREGATION).map(|value| {
            let expected = "`explicit_bucket_histogram` or `base2_exponential_bucket_histogram`";
            let words = [
                ("explicit_bucket_histogram", Layout::Explicit),
                ("base2_exponential_bucket_histogram", Layout::Exponential),
            ];
            one_of(AGGREGATION, value, expected, &words)
        });
        Ok(Some(Self {
            destination,
            interval: millis(environment, "OTEL_METRIC_EXPORT_INTERVAL")?.unwrap_or(INTERVAL),
            temporality: temporality.transpose()?.unwrap_or_default(),
            layout: layout.transpose()?.unwrap_or_default(),
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn of(read: fn(&'static str) -> Option<String>) -> Result<Option<Settings>, String> {
        Settings::of(Environment::of(read)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_endpoint_alone_is_enough() {
        let settings = of(|name| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4317".into()));
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.interval, INTERVAL);
        assert_eq!((settings.temporality, settings.layout), (Temporality::Cumulative, Layout::Explicit));
    }

    #[test]
    fn the_environment_chooses() {
        let settings = of(|name| {
            let value = match name {
                "OTEL_EXPORTER_OTLP_ENDPOINT" => "http://c:4317",
                "OTEL_METRIC_EXPORT_INTERVAL" => "500",
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE" => "Delta",
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION" => {
                    "base2_exponential_bucket_histogram"
                }
                _ => return None,
            };
            Some(value.into())
        });
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.interval, Duration::from_millis(500));
        assert_eq!((settings.temporality, settings.layout), (Temporality::Delta, Layout::Exponential));
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
