//! What all meters of a provider share, and the store asks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, PoisonError, RwLock};

use super::cell::Form;
use super::family::Family;
use super::observer::Observe;
use crate::store::{Collect, Descriptor, Kind, Sample};

#[derive(Default)]
pub(crate) struct Shared {
    families: RwLock<BTreeMap<String, Arc<Family>>>,
    observables: RwLock<Vec<Arc<dyn Observe>>>,
}

/// The end that the store holds.
pub(crate) struct Source(pub(crate) Arc<Shared>);

impl Shared {
    /// The family of this name, made if it is new. One that contradicts an earlier is seen by nobody, as the API
    /// asks: an instrument is made whatever is wrong.
    pub(crate) fn family(&self, descriptor: Descriptor, kind: Kind, form: Form) -> Arc<Family> {
        let mut families = self.families.write().unwrap_or_else(PoisonError::into_inner);
        match families.entry(descriptor.name().to_owned()) {
            Entry::Occupied(known) if known.get().is_alike(&descriptor, kind, form) => {
                Arc::clone(known.get())
            }
            Entry::Occupied(_) => Arc::new(Family::new(descriptor, kind, form)),
            Entry::Vacant(place) => Arc::clone(place.insert(Arc::new(Family::new(descriptor, kind, form)))),
        }
    }

    pub(crate) fn observable(&self, observable: impl Observe + 'static) {
        self.observables.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(observable));
    }
}

impl Collect for Source {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        // No lock is held while callbacks run: one may make an instrument.
        let families = self.0.families.read().unwrap_or_else(PoisonError::into_inner).clone();
        for family in families.values() {
            family.collect(out);
        }
        let observables = self.0.observables.read().unwrap_or_else(PoisonError::into_inner).clone();
        for observable in observables {
            observable.observe(out);
        }
    }
}
