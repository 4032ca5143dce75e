//! One record, as OTLP sends it.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::Key;
use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry_proto::tonic::common::v1::{self as proto, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use tower_telemetry_core::names::field;
use tower_telemetry_core::{TraceIds, Value};
use tower_telemetry_log::Belonging;

use super::limits::Limits;
use crate::otlp_metrics::nanos;

/// A record, whose scope is the target of its event.
#[derive(Debug)]
pub(crate) struct Record {
    pub(super) target: Cow<'static, str>,
    pub(super) record: LogRecord,
    owner: Option<Belonging>,
    limits: Limits,
}

impl Record {
    /// A record of what happens now, to these.
    pub(super) fn new(owner: Option<Belonging>, limits: Limits) -> Self {
        let now = nanos(now());
        let mut record =
            LogRecord { time_unix_nano: now, observed_time_unix_nano: now, ..LogRecord::default() };
        if let Some(ids) = owner.as_ref().and_then(Belonging::ids) {
            write_ids(ids, &mut record);
        }
        Self { target: Cow::Borrowed(""), record, owner, limits }
    }

    /// Adds what the exchange tells, and undoes what the `log` crate's records disguise.
    pub(super) fn finish(mut self) -> Self {
        if self.target == "log" {
            self.undisguise();
        }
        if let Some(owner) = self.owner.take() {
            self.tell(&owner);
        }
        self
    }

    /// The ids are the owner's, whatever a field of the program says; its notes stand behind the program's fields.
    fn tell(&mut self, owner: &Belonging) {
        let texts = [
            (field::REQUEST_ID, owner.request_id().map(|id| id.as_str().to_owned())),
            (field::LINKED_TRACE_ID, owner.linked().map(|ids| const_hex::encode(ids.trace_id.to_bytes()))),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                self.put(key.to_owned(), any_value::Value::StringValue(text));
            }
        }
        if owner.ids().is_some() {
            self.record
                .attributes
                .retain(|attribute| ![field::TRACE_ID, field::SPAN_ID].contains(&&*attribute.key));
        }
        let Some(exchange) = owner.exchange() else { return };
        exchange.attributes(|key, value| {
            let value = match value {
                Value::Text(text) => any_value::Value::StringValue(text.to_string()),
                Value::Integer(number) => any_value::Value::IntValue(*number),
                Value::Float(number) => any_value::Value::DoubleValue(*number),
                Value::Bool(truth) => any_value::Value::BoolValue(*truth),
                other => any_value::Value::StringValue(format!("{other:?}")),
            };
            self.put_unless_there(key, value);
        });
        exchange.labels(|name, value| {
            self.put_unless_there(name, any_value::Value::StringValue(value.to_owned()));
        });
    }

    /// The records of the `log` crate come as events of one target, with their own as a field.
    fn undisguise(&mut self) {
        self.record.attributes.retain_mut(|attribute| {
            if !attribute.key.starts_with("log.") {
                return true;
            }
            if attribute.key == "log.target"
                && let Some(any_value::Value::StringValue(target)) =
                    attribute.value.as_mut().and_then(|value| value.value.as_mut())
            {
                self.target = Cow::Owned(std::mem::take(target));
            }
            false
        });
    }

    fn put_unless_there(&mut self, key: &str, value: any_value::Value) {
        if self.record.attributes.iter().all(|attribute| attribute.key != key) {
            self.put(key.to_owned(), value);
        }
    }

    /// The last write of a key wins: that of an inner span over an outer one's, that of the event over all.
    fn put(&mut self, key: String, mut value: any_value::Value) {
        let Self { record, limits, .. } = self;
        if let any_value::Value::StringValue(text) = &mut value {
            limits.cut(text);
        }
        let value = Some(proto::AnyValue { value: Some(value) });
        let is_full = record.attributes.len() >= limits.most;
        match record.attributes.iter_mut().find(|attribute| attribute.key == key) {
            Some(standing) => standing.value = value,
            None if is_full => record.dropped_attributes_count += 1,
            None => record.attributes.push(KeyValue { key, value, ..KeyValue::default() }),
        }
    }
}

impl opentelemetry::logs::LogRecord for Record {
    fn set_event_name(&mut self, name: &'static str) {
        // What the macros of `tracing` make up is a place in the source, and no name.
        if !name.starts_with("event ") && name != "log event" {
            name.clone_into(&mut self.record.event_name);
        }
    }

    fn set_target<T>(&mut self, target: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.target = target.into();
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        self.record.time_unix_nano = nanos(timestamp);
    }

    fn set_observed_timestamp(&mut self, timestamp: SystemTime) {
        self.record.observed_time_unix_nano = nanos(timestamp);
    }

    fn set_severity_text(&mut self, text: &'static str) {
        text.clone_into(&mut self.record.severity_text);
    }

    fn set_severity_number(&mut self, number: Severity) {
        // The numbers are the data model's own.
        self.record.severity_number = number as i32;
    }

    fn set_body(&mut self, body: AnyValue) {
        let mut body = any_value::Value::from(body);
        if let any_value::Value::StringValue(text) = &mut body {
            self.limits.cut(text);
        }
        self.record.body = Some(proto::AnyValue { value: Some(body) });
    }

    fn add_attributes<I, K, V>(&mut self, attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        attributes.into_iter().for_each(|(key, value)| self.add_attribute(key, value));
    }

    fn add_attribute<K, V>(&mut self, key: K, value: V)
    where
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        self.put(key.into().into(), value.into().into());
    }
}

fn write_ids(ids: &TraceIds, record: &mut LogRecord) {
    record.trace_id = ids.trace_id.to_bytes().to_vec();
    record.span_id = ids.span_id.to_bytes().to_vec();
    record.flags = u32::from(ids.flags.to_byte());
}

#[allow(clippy::disallowed_methods, reason = "when an event happened is known where it is taken down")]
fn now() -> SystemTime {
    SystemTime::now()
}
