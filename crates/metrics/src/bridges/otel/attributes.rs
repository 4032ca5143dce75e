//! Attributes as the key of a series.

use std::collections::BTreeMap;

use opentelemetry::KeyValue;
use tower_telemetry_core::names::attribute;

/// Names and values, by name: their order makes no second series.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attributes(BTreeMap<String, String>);

impl Attributes {
    /// Of a name that is given twice, the last counts. An empty value is none: Prometheus cannot tell them apart.
    pub(crate) fn of(attributes: &[KeyValue]) -> Self {
        let pair = |attribute: &KeyValue| (attribute.key.to_string(), attribute.value.to_string());
        let mut pairs: BTreeMap<String, String> = attributes.iter().map(pair).collect();
        pairs.retain(|_, value| !value.is_empty());
        Self(pairs)
    }

    /// Those of the series that takes what does not fit.
    pub(crate) fn overflow() -> Self {
        Self(BTreeMap::from([(attribute::OVERFLOW.to_owned(), "true".to_owned())]))
    }

    pub(crate) fn labels(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
