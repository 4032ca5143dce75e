//! What a label can be made of.

use std::hash::Hash;

use super::labels::LabelValue;

/// A type of values that are bounded, or that the program alone makes: a field of [`labels!`](crate::labels).
///
/// [`label!`](crate::label) implements it for the types that it declares.
///
/// # Cardinality
///
/// Texts of the program and small integers are taken as they are. A `String` is not, and there is no way from one:
///
/// ```compile_fail
/// tower_telemetry_metrics::labels! {
///     struct Login {
///         user: String,
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "no label can be made of `{Self}`",
    label = "its values are no closed set",
    note = "declare the values by `label!`, and find the one that a text from outside names by `named`"
)]
pub trait LabelField: Clone + Eq + Hash + Send + Sync + 'static {
    /// The value; `None` leaves the label out.
    fn label_value(&self) -> Option<LabelValue>;
}

impl<F: LabelField> LabelField for Option<F> {
    fn label_value(&self) -> Option<LabelValue> {
        self.as_ref().and_then(LabelField::label_value)
    }
}

impl LabelField for bool {
    fn label_value(&self) -> Option<LabelValue> {
        Some(LabelValue::Text(if *self { "true" } else { "false" }))
    }
}

macro_rules! as_they_are {
    ($($type:ty),+) => {$(
        impl LabelField for $type {
            fn label_value(&self) -> Option<LabelValue> {
                Some((*self).into())
            }
        }
    )+};
}

as_they_are!(&'static str, u8, u16, i32);
