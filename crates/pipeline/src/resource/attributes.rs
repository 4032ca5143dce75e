//! A list of attributes that grows: what is written later wins.

use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::Resource;
use tower_telemetry_core::names::SCHEMA_URL;

/// Attributes of the resource, each at most once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes(Vec<KeyValue>);

impl Attributes {
    /// Sets an attribute, over what was said before.
    pub(crate) fn set(&mut self, key: impl Into<opentelemetry::Key>, value: impl Into<Value>) {
        let attribute = KeyValue::new(key, value);
        match self.0.iter_mut().find(|standing| standing.key == attribute.key) {
            Some(standing) => *standing = attribute,
            None => self.0.push(attribute),
        }
    }

    /// Sets an attribute, if there is something to say.
    pub(crate) fn set_some(&mut self, key: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    /// Sets all these.
    pub(crate) fn set_all(&mut self, attributes: impl IntoIterator<Item = KeyValue>) {
        attributes.into_iter().for_each(|attribute| self.set(attribute.key, attribute.value));
    }

    /// Whether there is such an attribute.
    pub(crate) fn has(&self, key: &opentelemetry::Key) -> bool {
        self.0.iter().any(|attribute| attribute.key == *key)
    }

    /// The resource of these.
    pub(crate) fn into_resource(self) -> Resource {
        Resource::builder_empty().with_schema_url(self.0, SCHEMA_URL).build()
    }
}

impl IntoIterator for Attributes {
    type Item = KeyValue;
    type IntoIter = std::vec::IntoIter<KeyValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
