//! What a request tells, as numbers to compare.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Told;
use tower_telemetry_metrics::{Snapshot, Value};

/// Every number of a request, by the series and the part of it.
pub(crate) fn numbers_of(request: &ExportMetricsServiceRequest) -> BTreeMap<String, f64> {
    let mut numbers = BTreeMap::new();
    for metric in metrics_of(request) {
        let name = |attributes: &[KeyValue]| format!("{}{{{}}}", metric.name, attributes_of(attributes));
        match metric.data.as_ref().unwrap() {
            Data::Gauge(opentelemetry_proto::tonic::metrics::v1::Gauge { data_points })
            | Data::Sum(opentelemetry_proto::tonic::metrics::v1::Sum { data_points, .. }) => {
                for point in data_points {
                    let number = match point.value.unwrap() {
                        Told::AsInt(integer) => integer as f64,
                        Told::AsDouble(number) => number,
                    };
                    numbers.insert(name(&point.attributes), number);
                }
            }
            Data::Histogram(histogram) => {
                for point in &histogram.data_points {
                    let name = name(&point.attributes);
                    numbers.insert(format!("{name} count"), point.count as f64);
                    numbers.insert(format!("{name} sum"), point.sum.unwrap());
                    let bounds = point.explicit_bounds.iter().copied().chain([f64::INFINITY]);
                    for (bound, count) in bounds.zip(&point.bucket_counts) {
                        numbers.insert(format!("{name} le {bound}"), *count as f64);
                    }
                }
            }
            Data::ExponentialHistogram(histogram) => {
                for point in &histogram.data_points {
                    let name = name(&point.attributes);
                    numbers.insert(format!("{name} count"), point.count as f64);
                    numbers.insert(format!("{name} sum"), point.sum.unwrap());
                    numbers.insert(format!("{name} zero"), point.zero_count as f64);
                    let positive = point.positive.as_ref().unwrap();
                    for (index, count) in (positive.offset..).zip(&positive.bucket_counts) {
                        let (scale, count) = (point.scale, *count as f64);
                        numbers.insert(format!("{name} scale {scale} index {index}"), count);
                    }
                }
            }
            Data::Summary(_) => panic!("no summary is ever made"),
        }
    }
    numbers
}

/// The same of a snapshot, with explicit buckets.
pub(crate) fn numbers_in(snapshot: &Snapshot) -> BTreeMap<String, f64> {
    let mut numbers = BTreeMap::new();
    for family in snapshot.families() {
        for series in family.series() {
            let labels = series.labels().iter();
            let labels: String = labels
                .map(|label| label.value().with_str(|value| format!("{}={value},", label.name())))
                .collect();
            let name = format!("{}{{{labels}}}", family.descriptor().name());
            match series.value() {
                Value::Counter(number) | Value::Gauge(number) => {
                    numbers.insert(name, number.as_f64());
                }
                Value::Histogram(histogram) => {
                    numbers.insert(format!("{name} count"), histogram.count() as f64);
                    numbers.insert(format!("{name} sum"), histogram.sum());
                    let bounds = histogram.bounds().iter().copied().chain([f64::INFINITY]);
                    for (bound, count) in bounds.zip(histogram.buckets()) {
                        numbers.insert(format!("{name} le {bound}"), *count as f64);
                    }
                }
                _ => panic!("a value of a new kind"),
            }
        }
    }
    numbers
}

pub(crate) fn metrics_of(request: &ExportMetricsServiceRequest) -> impl Iterator<Item = &Metric> {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    scopes.flat_map(|scope| &scope.metrics)
}

fn attributes_of(attributes: &[KeyValue]) -> String {
    let one = |attribute: &KeyValue| {
        let value = match attribute.value.as_ref().unwrap().value.as_ref().unwrap() {
            Any::StringValue(text) => text.clone(),
            Any::IntValue(integer) => integer.to_string(),
            other => format!("{other:?}"),
        };
        format!("{}={value},", attribute.key)
    };
    attributes.iter().map(one).collect()
}
