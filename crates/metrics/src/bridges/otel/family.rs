//! The series of one instrument, by attributes known at run time.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::KeyValue;

use super::attributes::Attributes;
use super::cell::{Cell, Form};
use crate::store::{Descriptor, Kind, Sample};

/// Up to [`Descriptor::max_series`] series, that of the overflow included.
#[derive(Debug)]
pub(crate) struct Family {
    descriptor: Descriptor,
    kind: Kind,
    form: Form,
    cells: RwLock<BTreeMap<Attributes, Arc<Cell>>>,
}

impl Family {
    pub(crate) fn new(descriptor: Descriptor, kind: Kind, form: Form) -> Self {
        Self { descriptor, kind, form, cells: RwLock::default() }
    }

    /// Whether an instrument declared like this one is the same.
    pub(crate) fn is_alike(&self, descriptor: &Descriptor, kind: Kind, form: Form) -> bool {
        (self.descriptor.unit(), self.kind, self.form) == (descriptor.unit(), kind, form)
    }

    /// The cell of these attributes, or of the overflow where there is no more room.
    pub(crate) fn cell(&self, attributes: &[KeyValue]) -> Arc<Cell> {
        let attributes = Attributes::of(attributes);
        let known =
            self.cells.read().unwrap_or_else(PoisonError::into_inner).get(&attributes).map(Arc::clone);
        known.unwrap_or_else(|| self.make(attributes))
    }

    pub(crate) fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        for (attributes, cell) in self.cells.read().unwrap_or_else(PoisonError::into_inner).iter() {
            let labels = attributes.labels();
            out(match self.kind {
                Kind::Counter => Sample::counter(&self.descriptor, &labels, cell.number()),
                _ => Sample::gauge(&self.descriptor, &labels, cell.number()),
            });
        }
    }

    #[cold]
    fn make(&self, attributes: Attributes) -> Arc<Cell> {
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        let full = !cells.contains_key(&attributes) && cells.len() + 1 >= self.descriptor.max_series();
        let key = if full { Attributes::overflow() } else { attributes };
        Arc::clone(cells.entry(key).or_insert_with(|| Arc::new(Cell::new(self.form))))
    }
}
