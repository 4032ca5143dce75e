//! Labels of a program's own on the window's metrics.

use std::hash::Hash;

use tower_telemetry_core::{Exchange, Label};

use crate::instruments::{Closed, Mixer, same_or_none};
use crate::store::{LabelValue, Labels};

/// The declared labels of a window: `()`, or a tuple of up to four [`Label`]s.
///
/// An exchange fills them by [`Exchange::label`]; one that a handler does not write is absent.
///
/// # Cardinality
/// The series multiply by the number of each label's values.
pub trait LabelSet: Clone + Send + Sync + 'static {
    /// The names, in order.
    const NAMES: &'static [&'static str];

    /// A value for each name, where one was written.
    type Values: AsRef<[Option<&'static str>]> + Clone + Eq + Hash + Send + Sync + std::fmt::Debug;

    /// What was written on the exchange.
    fn of(exchange: &Exchange) -> Self::Values;
}

impl LabelSet for () {
    const NAMES: &'static [&'static str] = &[];

    type Values = [Option<&'static str>; 0];

    fn of(_: &Exchange) -> Self::Values {
        []
    }
}

macro_rules! label_set {
    ($count:literal: $($label:ident),+) => {
        impl<$($label: Label + Clone + Send + Sync),+> LabelSet for ($($label,)+) {
            const NAMES: &'static [&'static str] = &[$($label::NAME),+];

            type Values = [Option<&'static str>; $count];

            fn of(exchange: &Exchange) -> Self::Values {
                let mut values = [None; $count];
                exchange.labels(|name, value| {
                    for (declared, slot) in Self::NAMES.iter().zip(&mut values) {
                        if *declared == name {
                            *slot = Some(value);
                        }
                    }
                });
                values
            }
        }
    };
}

label_set!(1: A);
label_set!(2: A, B);
label_set!(3: A, B, C);
label_set!(4: A, B, C, D);

/// A key of the window with the program's own labels behind it.
#[derive(Debug)]
pub(crate) struct With<K, L: LabelSet> {
    key: K,
    values: L::Values,
}

impl<K, L: LabelSet> With<K, L> {
    pub(crate) fn of(key: K, exchange: &Exchange) -> Self {
        Self { key, values: L::of(exchange) }
    }

    pub(crate) const fn key(&self) -> &K {
        &self.key
    }

    /// The same labels behind another key.
    pub(crate) fn with_key<T>(&self, key: T) -> With<T, L> {
        With { key, values: self.values.clone() }
    }
}

// By hand: a derive would ask `Clone`, `Eq` and `Hash` of the set itself.
impl<K: Clone, L: LabelSet> Clone for With<K, L> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), values: self.values.clone() }
    }
}

impl<K: PartialEq, L: LabelSet> PartialEq for With<K, L> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.values == other.values
    }
}

impl<K: Eq, L: LabelSet> Eq for With<K, L> {}

impl<K: Hash, L: LabelSet> Hash for With<K, L> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.values.hash(state);
    }
}

impl<K: Closed, L: LabelSet> Closed for With<K, L> {
    #[inline]
    fn mix(&self, mixer: Mixer) -> Mixer {
        self.values.as_ref().iter().fold(self.key.mix(mixer), |mixer, value| mixer.some(*value))
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        let values = self.values.as_ref().iter().zip(other.values.as_ref());
        self.key.is(&other.key) && values.into_iter().all(|(one, other)| same_or_none(*one, *other))
    }
}

/// More names than any key has.
const NAMES_MAX: usize = 16;

impl<K: Labels, L: LabelSet> With<K, L> {
    const JOINED: [&'static str; NAMES_MAX] = joined(K::NAMES, L::NAMES);
}

impl<K: Labels, L: LabelSet> Labels for With<K, L> {
    const NAMES: &'static [&'static str] = With::<K, L>::JOINED.split_at(K::NAMES.len() + L::NAMES.len()).0;

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index.checked_sub(K::NAMES.len()) {
            None => self.key.value(index),
            Some(own) => self.values.as_ref().get(own).copied().flatten().map(LabelValue::from),
        }
    }
}

#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
const fn joined(one: &[&'static str], other: &[&'static str]) -> [&'static str; NAMES_MAX] {
    let mut all = [""; NAMES_MAX];
    let mut at = 0;
    while at < one.len() {
        all[at] = one[at];
        at += 1;
    }
    while at < one.len() + other.len() {
        all[at] = other[at - one.len()];
        at += 1;
    }
    all
}
