//! A label as a snapshot carries it.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::labels::LabelValue;

/// A name and a value, as given: an encoder translates the one and escapes the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: LabelText,
}

/// The value of a label. Never an empty text. Texts are compared as such, whoever made them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LabelText {
    /// A text of the program.
    Static(&'static str),
    /// A text computed at the scrape, by a [`Collect`](super::Collect).
    Owned(Box<str>),
    /// An integer.
    Integer(i64),
}

impl Label {
    /// The attribute name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value.
    pub fn value(&self) -> &LabelText {
        &self.value
    }

    /// Whether this is the label `name` with a value that reads `text`.
    pub(crate) fn reads(&self, name: &str, text: &str) -> bool {
        self.name == name && self.value.with_str(|value| value == text)
    }
}

impl LabelText {
    /// Lends the value as text, without allocation.
    pub fn with_str<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Static(text) => read(text),
            Self::Owned(text) => read(text),
            Self::Integer(integer) => read(itoa::Buffer::new().format(*integer)),
        }
    }
}

impl Ord for LabelText {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => one.cmp(other),
            (Self::Integer(_), _) => Ordering::Greater,
            (_, Self::Integer(_)) => Ordering::Less,
            (one, other) => one.with_str(|one| other.with_str(|other| one.cmp(other))),
        }
    }
}

impl PartialOrd for LabelText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for LabelText {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for LabelText {}

impl From<LabelValue> for LabelText {
    fn from(value: LabelValue) -> Self {
        match value {
            LabelValue::Text(text) => Self::Static(text),
            LabelValue::Integer(integer) => Self::Integer(integer),
        }
    }
}
