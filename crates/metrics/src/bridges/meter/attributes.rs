//! The labels of a key as attributes of a measurement.

use opentelemetry::{Key, KeyValue};

use crate::store::{LabelValue, Labels, visible};

/// More than any key of the window has, with four labels of a program's own.
const MOST: usize = 12;

/// Lends the labels as attributes. They lie on the stack: names and texts are those of the program.
pub(crate) fn with<K: Labels, R>(key: &K, record: impl FnOnce(&[KeyValue]) -> R) -> R {
    let mut attributes: [KeyValue; MOST] = std::array::from_fn(|_| KeyValue::new("", false));
    let mut length = 0;
    for (index, name) in K::NAMES.iter().enumerate() {
        if let (Some(value), Some(place)) = (visible(key, index), attributes.get_mut(length)) {
            let name = Key::from_static_str(name);
            *place = match value {
                LabelValue::Text(text) => KeyValue::new(name, text),
                LabelValue::Integer(integer) => KeyValue::new(name, integer),
            };
            length += 1;
        }
    }
    record(attributes.get(..length).unwrap_or_default())
}
