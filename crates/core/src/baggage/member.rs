//! One member of baggage.

use std::borrow::Cow;
use std::fmt;

use crate::baggage::grammar::Wire;
use crate::baggage::percent;

/// One member: a key, its value, and properties that say something of it.
#[derive(Clone, Copy)]
pub struct Member<'a>(pub(super) Wire<'a>);

/// A property of a member: a key, with a value or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property<'a> {
    /// The key, to the letter: it is never encoded.
    pub key: &'a str,
    /// The value, decoded.
    pub value: Option<Cow<'a, str>>,
}

impl<'a> Member<'a> {
    /// The key, to the letter: it is never encoded.
    #[must_use]
    pub fn key(&self) -> &'a str {
        text(self.0.key)
    }

    /// The value, decoded.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        percent::decode(self.0.value)
    }

    /// The properties in their order.
    pub fn properties(&self) -> impl Iterator<Item = Property<'a>> + use<'a> {
        self.0.properties().map(|(key, value)| Property { key: text(key), value: value.map(percent::decode) })
    }

    /// The properties as they are sent: separated by semicolons, values encoded; empty where there are none.
    #[must_use]
    pub fn metadata(&self) -> String {
        let mut wire = String::new();
        for (key, value) in self.0.properties() {
            if !wire.is_empty() {
                wire.push(';');
            }
            wire.push_str(text(key));
            if let Some(value) = value {
                wire.push('=');
                wire.push_str(text(value));
            }
        }
        wire
    }
}

impl PartialEq for Member<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key() && self.value() == other.value() && self.properties().eq(other.properties())
    }
}

impl Eq for Member<'_> {}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("key", &self.key())
            .field("value", &self.value())
            .field("properties", &self.properties().collect::<Vec<_>>())
            .finish()
    }
}

/// What was found valid is ASCII: the fallback is for the types alone.
pub(super) fn text(wire: &[u8]) -> &str {
    str::from_utf8(wire).unwrap_or_default()
}
