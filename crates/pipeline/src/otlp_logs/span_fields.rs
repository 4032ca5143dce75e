//! The fields of the spans around an event.

use std::fmt;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use tracing::field::{Field, Visit};

use super::limits::Limits;

/// The fields of a span so far, each once: a span that lives long and is told the same field again keeps the last.
#[derive(Debug, Default)]
pub(super) struct SpanFields(Vec<(&'static str, Value)>);

/// Reads fields into it.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) fields: &'a mut SpanFields,
    pub(super) limits: Limits,
}

impl SpanFields {
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        self.0.iter()
    }

    /// Takes over what is newer.
    pub(super) fn overwrite(&mut self, newer: Self) {
        newer.0.into_iter().for_each(|(key, value)| self.put(key, value));
    }

    fn put(&mut self, key: &'static str, value: Value) {
        match self.0.iter_mut().find(|(standing, _)| *standing == key) {
            Some((_, standing)) => *standing = value,
            None => self.0.push((key, value)),
        }
    }
}

impl Reader<'_> {
    fn text(&mut self, field: &Field, mut text: String) {
        self.limits.cut(&mut text);
        self.fields.put(field.name(), Value::StringValue(text));
    }
}

impl Visit for Reader<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.fields.put(field.name(), Value::DoubleValue(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.fields.put(field.name(), Value::IntValue(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.record_i64(field, value),
            // OTLP has no number that large.
            Err(_) => self.text(field, value.to_string()),
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.fields.put(field.name(), Value::BoolValue(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, format!("{value:?}"));
    }
}
