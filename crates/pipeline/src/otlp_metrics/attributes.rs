//! Labels and times as OTLP writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use tower_telemetry_metrics::{Label, LabelText};

/// The labels as attributes: an integer stays one.
pub(crate) fn of(labels: &[Label]) -> Vec<KeyValue> {
    let attribute = |label: &Label| {
        let value = match label.value() {
            LabelText::Integer(integer) => Value::IntValue(*integer),
            text => Value::StringValue(text.with_str(str::to_owned)),
        };
        KeyValue {
            key: label.name().to_owned(),
            value: Some(AnyValue { value: Some(value) }),
            ..KeyValue::default()
        }
    };
    labels.iter().map(attribute).collect()
}

/// Nanoseconds since 1970; zero, which OTLP reads as unknown, for what lies before.
pub(crate) fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
