//! The labels of a series, as a type of the program.

use std::cmp::Ordering;
use std::hash::Hash;

/// A set of labels known at compile time: the key of a [`Family`](super::Family).
///
/// Names are OpenTelemetry attribute names (`http.route`); an encoder translates them.
///
/// # Cardinality
///
/// A value is one of the program's own strings or a small integer. There is no way from a `String` to a
/// [`LabelValue`], so a text from the wire cannot become a label by mistake.
///
/// ```
/// use tower_telemetry_metrics::{LabelValue, Labels};
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Job {
///     queue: &'static str,
///     exit: Option<u8>,
/// }
///
/// impl Labels for Job {
///     const NAMES: &'static [&'static str] = &["job.queue", "job.exit"];
///
///     fn value(&self, index: usize) -> Option<LabelValue> {
///         match index {
///             0 => Some(self.queue.into()),
///             1 => self.exit.map(LabelValue::from),
///             _ => None,
///         }
///     }
/// }
/// ```
pub trait Labels: Clone + Eq + Hash + Send + Sync + 'static {
    /// The attribute names, in the order in which they are written.
    const NAMES: &'static [&'static str];

    /// The value of `NAMES[index]`: always the same for equal keys, and for one name always a text or always an
    /// integer. `None` (or an empty text, which Prometheus cannot tell from it) leaves the label out.
    fn value(&self, index: usize) -> Option<LabelValue>;
}

/// The value of a label.
///
/// ```compile_fail
/// let from_the_wire = String::from("/users/17");
/// let _ = tower_telemetry_metrics::LabelValue::from(from_the_wire);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LabelValue {
    /// A text of the program.
    Text(&'static str),
    /// A small integer, such as a status code.
    Integer(i64),
}

/// The value as a reader will see it: an empty text is no label.
pub(crate) fn visible<L: Labels>(labels: &L, index: usize) -> Option<LabelValue> {
    labels.value(index).filter(|value| *value != LabelValue::Text(""))
}

/// Orders keys by what a reader will see of them.
pub(crate) fn compare<L: Labels>(one: &L, other: &L) -> Ordering {
    (0..L::NAMES.len())
        .map(|index| visible(one, index).cmp(&visible(other, index)))
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// No labels: a family of one series.
impl Labels for () {
    const NAMES: &'static [&'static str] = &[];

    fn value(&self, _: usize) -> Option<LabelValue> {
        None
    }
}

impl From<&'static str> for LabelValue {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<u8> for LabelValue {
    fn from(integer: u8) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<u16> for LabelValue {
    fn from(integer: u16) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<i32> for LabelValue {
    fn from(integer: i32) -> Self {
        Self::Integer(integer.into())
    }
}
