//! Recordings of sampled traces, beside the numbers that they are part of.

use std::time::SystemTime;

use opentelemetry_proto::tonic::metrics::v1::Exemplar as Point;
use opentelemetry_proto::tonic::metrics::v1::exemplar::Value;
use tower_telemetry_metrics::Exemplar;

use super::attributes::nanos;

/// Those that the collector has not been told of.
pub(crate) fn new<'a>(exemplars: impl Iterator<Item = &'a Exemplar>, told: Option<SystemTime>) -> Vec<Point> {
    exemplars
        .filter(|exemplar| told.is_none_or(|told| exemplar.time > told))
        .map(|exemplar| Point {
            filtered_attributes: Vec::new(),
            time_unix_nano: nanos(exemplar.time),
            span_id: exemplar.span_id.to_bytes().to_vec(),
            trace_id: exemplar.trace_id.to_bytes().to_vec(),
            value: Some(Value::AsDouble(exemplar.value)),
        })
        .collect()
}
