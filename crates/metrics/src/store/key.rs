//! The labels of a series, shared by all who refer to it.

use std::borrow::{Borrow, Cow};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use super::label::Label;
use super::label_table::Named;
use super::labels::{Labels, visible};

/// A key of an index: found by the labels alone.
pub(crate) struct Key<L>(Arc<Keyed<L>>);

/// Labels, and what a reader of text sees of them.
pub(crate) struct Keyed<L> {
    pub(crate) labels: L,
    text: OnceLock<Box<str>>,
}

impl<L: Labels> Key<L> {
    pub(crate) fn new(labels: L) -> Self {
        Self(Arc::new(Keyed { labels, text: OnceLock::new() }))
    }

    pub(crate) fn labels(&self) -> &L {
        &self.0.labels
    }

    pub(crate) fn named(&self) -> Arc<dyn Named> {
        Arc::<Keyed<L>>::clone(&self.0)
    }
}

impl<L: Labels> Named for Keyed<L> {
    fn push_labels(&self, labels: &mut Vec<Label>) {
        for (index, name) in L::NAMES.iter().enumerate() {
            if let Some(value) = visible(&self.labels, index) {
                labels.push(Label { name: Cow::Borrowed(name), value: value.into() });
            }
        }
    }

    fn text(&self) -> &OnceLock<Box<str>> {
        &self.text
    }
}

impl<L> Clone for Key<L> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<L> Borrow<L> for Key<L> {
    fn borrow(&self) -> &L {
        &self.0.labels
    }
}

impl<L: Hash> Hash for Key<L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.labels.hash(state);
    }
}

impl<L: PartialEq> PartialEq for Key<L> {
    fn eq(&self, other: &Self) -> bool {
        self.0.labels == other.0.labels
    }
}

impl<L: Eq> Eq for Key<L> {}
