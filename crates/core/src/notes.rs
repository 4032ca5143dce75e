//! What a handler writes on its exchange: attributes for span and log, labels for metrics.

use std::any::TypeId;
use std::borrow::Cow;

/// At most this many attributes are kept for one exchange; further ones are refused.
pub const ATTRIBUTES_MAX: usize = 16;

/// At most this many labels are kept for one exchange; further ones are refused.
pub const LABELS_MAX: usize = 4;

/// A label of the program's own: one of a closed set of values, declared up front.
///
/// There is no way from a `String` to a label: its values are the program's text.
///
/// ```
/// use tower_telemetry_core::Label;
///
/// enum UserTier { Free, Paid }
///
/// impl Label for UserTier {
///     const NAME: &'static str = "user_tier";
///     const VALUES: &'static [&'static str] = &["free", "paid"];
///     fn index(&self) -> usize {
///         match self { Self::Free => 0, Self::Paid => 1 }
///     }
/// }
/// ```
///
/// A wire string does not compile:
///
/// ```compile_fail
/// # use tower_telemetry_core::{Exchange, Label};
/// fn tier(exchange: &Exchange, header: String) {
///     exchange.label(header); // String is no Label
/// }
/// ```
pub trait Label: 'static {
    /// The label's name, by the rules of Prometheus: `[a-zA-Z_][a-zA-Z0-9_]*`.
    const NAME: &'static str;
    /// Every value that the label can have.
    const VALUES: &'static [&'static str];
    /// Which of [`VALUES`](Self::VALUES) this is; an index beyond them is refused.
    fn index(&self) -> usize;
}

/// A value of an attribute of a span or a log line. Never a label.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Text; cut at [`Value::TEXT_MAX`] bytes.
    Text(Cow<'static, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
}

impl Value {
    /// The longest text kept, in bytes.
    pub const TEXT_MAX: usize = 1_024;

    /// This text as an attribute may hold it: whole, or its first [`TEXT_MAX`](Self::TEXT_MAX) bytes at
    /// most, cut between characters.
    #[must_use]
    pub fn cut(text: &str) -> &str {
        // `str::floor_char_boundary` is younger than the oldest supported compiler.
        let end = (0..=Self::TEXT_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        end.and_then(|end| text.get(..end)).unwrap_or_default()
    }

    fn capped(self) -> Self {
        match self {
            Self::Text(text) if text.len() > Self::TEXT_MAX => {
                Self::Text(Cow::Owned(Self::cut(&text).to_owned()))
            }
            value => value,
        }
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// A label as written: its type, name and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenLabel {
    of: TypeId,
    pub(crate) name: &'static str,
    pub(crate) value: &'static str,
}

/// The notes of one exchange.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    attributes: Vec<(&'static str, Value)>,
    labels: Vec<WrittenLabel>,
}

impl Notes {
    /// Writes an attribute; the last write of a key wins. False when there is no room.
    pub(crate) fn set(&mut self, key: &'static str, value: Value) -> bool {
        let value = value.capped();
        if let Some((_, standing)) = self.attributes.iter_mut().find(|(standing, _)| *standing == key) {
            *standing = value;
            return true;
        }
        let room = self.attributes.len() < ATTRIBUTES_MAX;
        if room {
            self.attributes.push((key, value));
        }
        room
    }

    /// Writes a label; the last write of a label wins. False when there is no room or no such value.
    pub(crate) fn label<L: Label>(&mut self, index: usize) -> bool {
        let Some(value) = L::VALUES.get(index).copied() else { return false };
        let written = WrittenLabel { of: TypeId::of::<L>(), name: L::NAME, value };
        if let Some(standing) = self.labels.iter_mut().find(|standing| standing.of == written.of) {
            *standing = written;
            return true;
        }
        let room = self.labels.len() < LABELS_MAX;
        if room {
            self.labels.push(written);
        }
        room
    }

    pub(crate) fn attributes(&self) -> &[(&'static str, Value)] {
        &self.attributes
    }

    pub(crate) fn labels(&self) -> &[WrittenLabel] {
        &self.labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tier(usize);
    impl Label for Tier {
        const NAME: &'static str = "tier";
        const VALUES: &'static [&'static str] = &["free", "paid"];
        fn index(&self) -> usize {
            self.0
        }
    }

    #[test]
    fn the_last_write_of_a_key_wins() {
        let mut notes = Notes::default();
        assert!(notes.set("cart", 1_i64.into()) && notes.set("cart", 2_i64.into()));
        assert_eq!(notes.attributes(), [("cart", Value::Integer(2))]);
    }

    #[test]
    fn attributes_are_bounded_in_number_and_length() {
        const KEYS: [&str; ATTRIBUTES_MAX + 1] =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"];
        let mut notes = Notes::default();
        let written = KEYS.iter().filter(|key| notes.set(key, "é".repeat(2_000).into())).count();
        assert_eq!(written, ATTRIBUTES_MAX);
        assert!(
            notes.attributes().iter().all(|(_, value)| matches!(value, Value::Text(t) if t.len() == 1_024))
        );
    }

    #[test]
    fn a_label_is_one_of_its_declared_values() {
        let mut notes = Notes::default();
        assert!(notes.label::<Tier>(Tier(0).index()) && notes.label::<Tier>(Tier(1).index()));
        assert!(!notes.label::<Tier>(2));
        let written: Vec<_> = notes.labels().iter().map(|label| (label.name, label.value)).collect();
        assert_eq!(written, [("tier", "paid")]);
    }
}
