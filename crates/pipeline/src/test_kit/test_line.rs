//! A log line, to be asserted on.

use serde_json::{Map, Value};
use tower_telemetry_core::names::field;

use super::fail::{assert_has, assert_has_no, listed};

/// A log line.
#[derive(Clone, Debug, PartialEq)]
pub struct TestLine(Map<String, Value>);

impl TestLine {
    /// A line that is no JSON object is what somebody else wrote to the same place.
    pub(super) fn read(text: &str) -> Option<Self> {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Some(Self(fields)),
            _ => None,
        }
    }

    /// The text of the event; empty where it has none.
    #[must_use]
    pub fn message(&self) -> &str {
        self.0.get(field::MESSAGE).and_then(Value::as_str).unwrap_or_default()
    }

    /// A field as text, if the line has it.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<String> {
        self.0.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// All fields.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Asserts that the line has a field with this value, compared as text.
    ///
    /// # Panics
    /// If it has not; the message lists what it has.
    #[track_caller]
    pub fn has(&self, key: &str, value: impl ToString) -> &Self {
        assert_has(self, key, self.field(key), &value.to_string(), || self.list());
        self
    }

    /// Asserts that the line has no such field.
    ///
    /// # Panics
    /// If it has.
    #[track_caller]
    pub fn has_no(&self, key: &str) -> &Self {
        assert_has_no(self, key, self.field(key));
        self
    }

    fn list(&self) -> String {
        listed(self.0.iter().map(|(key, value)| format!("{key}={value}")), "no field")
    }
}

impl std::fmt::Display for TestLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the line {:?}", self.message())
    }
}
