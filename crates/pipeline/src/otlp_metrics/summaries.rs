//! Quantiles that somebody else has computed.

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::summary_data_point::ValueAtQuantile;
use opentelemetry_proto::tonic::metrics::v1::{Summary, SummaryDataPoint};
use tower_telemetry_metrics::{FamilySnapshot, Series, Value};

use super::attributes::{self, nanos};
use super::request::Reading;

/// Always whole: a difference of quantiles means nothing, and OTLP has no field for it.
pub(crate) fn of(family: &FamilySnapshot, reading: &Reading<'_>) -> Option<Data> {
    let data_points: Vec<_> = family.series().filter_map(|series| point(&series, reading)).collect();
    (!data_points.is_empty()).then_some(Data::Summary(Summary { data_points }))
}

fn point(series: &Series<'_>, reading: &Reading<'_>) -> Option<SummaryDataPoint> {
    let Value::Summary(summary) = series.value() else { return None };
    let quantile = |&(quantile, value): &(f64, f64)| ValueAtQuantile { quantile, value };
    Some(SummaryDataPoint {
        attributes: attributes::of(series.labels()),
        start_time_unix_nano: nanos(reading.start_of(series)),
        time_unix_nano: nanos(reading.time),
        count: summary.count(),
        sum: summary.sum(),
        quantile_values: summary.quantiles().iter().map(quantile).collect(),
        ..SummaryDataPoint::default()
    })
}
