//! What all meters of a provider share, and the store asks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use super::cell::Form;
use super::family::Family;
use super::observer::Observe;
use crate::store::{Clock, Collect, Descriptor, Kind, Sample, Store};

pub(crate) struct Shared {
    families: RwLock<BTreeMap<String, Arc<Family>>>,
    observables: RwLock<Vec<Arc<dyn Observe>>>,
    // Not the store itself: it holds this.
    clock: Clock,
    values_refused: Arc<AtomicU64>,
}

/// The end that the store holds.
pub(crate) struct Source(pub(crate) Arc<Shared>);

impl Shared {
    pub(crate) fn new(store: &Store) -> Self {
        let (clock, values_refused) = store.clock_and_refusals();
        Self { families: RwLock::default(), observables: RwLock::default(), clock, values_refused }
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The family of this name, made if it is new. One that contradicts an earlier is seen by nobody, as the API
    /// asks: an instrument is made whatever is wrong.
    pub(crate) fn family(&self, descriptor: Descriptor, kind: Kind, form: Form) -> Arc<Family> {
        let mut families = self.families.write().unwrap_or_else(PoisonError::into_inner);
        match families.entry(descriptor.name().to_owned()) {
            Entry::Occupied(known) if known.get().is_alike(&descriptor, kind, &form) => {
                Arc::clone(known.get())
            }
            Entry::Occupied(_) => self.nobodys(descriptor),
            Entry::Vacant(place) => Arc::clone(place.insert(self.make(descriptor, kind, form))),
        }
    }

    /// A family that no reader sees. It keeps what any other keeps of its kind least: one count.
    pub(crate) fn nobodys(&self, descriptor: Descriptor) -> Arc<Family> {
        self.make(descriptor.with_max_series(0), Kind::Counter, Form::Count)
    }

    pub(crate) fn observable(&self, observable: impl Observe + 'static) {
        self.observables.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(observable));
    }

    fn make(&self, descriptor: Descriptor, kind: Kind, form: Form) -> Arc<Family> {
        let (clock, refused) = (self.clock(), Arc::clone(&self.values_refused));
        Arc::new(Family::new(descriptor, kind, form, clock, refused))
    }

    fn families(&self) -> BTreeMap<String, Arc<Family>> {
        self.families.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Collect for Source {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        // No lock is held while callbacks run: one may make an instrument.
        for family in self.0.families().values() {
            family.collect(out);
        }
        let observables = self.0.observables.read().unwrap_or_else(PoisonError::into_inner).clone();
        for observable in observables {
            observable.observe(out);
        }
    }

    fn refusals(&self, out: &mut dyn FnMut(&str, u64)) {
        for family in self.0.families().values() {
            let (name, refused) = family.refused();
            out(name, refused);
        }
    }
}
