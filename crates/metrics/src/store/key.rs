//! The labels of the series of a family, shared with its snapshots.

use std::borrow::{Borrow, Cow};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use super::label::Label;
use super::label_table::{Named, Texts};
use super::labels::{Labels, visible};

/// The labels of one series: a key of an index, found by the labels alone.
pub(crate) struct Key<L>(Arc<L>);

/// The keys of a family in order, until a series comes or goes.
pub(crate) struct Directory<L> {
    keys: Vec<Key<L>>,
    texts: OnceLock<Texts>,
}

impl<L> Key<L> {
    pub(crate) fn new(labels: L) -> Self {
        Self(Arc::new(labels))
    }

    pub(crate) fn labels(&self) -> &L {
        &self.0
    }
}

impl<L> Directory<L> {
    pub(crate) fn new(keys: Vec<Key<L>>) -> Self {
        Self { keys, texts: OnceLock::new() }
    }
}

impl<L: Labels> Named for Directory<L> {
    fn len(&self) -> usize {
        self.keys.len()
    }

    fn push_labels(&self, row: usize, labels: &mut Vec<Label>) {
        let Some(key) = self.keys.get(row) else { return };
        for (index, name) in L::NAMES.iter().enumerate() {
            if let Some(value) = visible(key.labels(), index) {
                labels.push(Label { name: Cow::Borrowed(name), value: value.into() });
            }
        }
    }

    fn texts(&self) -> &OnceLock<Texts> {
        &self.texts
    }
}

impl<L> Clone for Key<L> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<L> Borrow<L> for Key<L> {
    fn borrow(&self) -> &L {
        &self.0
    }
}

impl<L: Hash> Hash for Key<L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<L: PartialEq> PartialEq for Key<L> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<L: Eq> Eq for Key<L> {}
