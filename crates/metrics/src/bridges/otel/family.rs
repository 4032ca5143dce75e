//! The series of one instrument, by attributes known at run time.

use std::collections::BTreeMap;
use std::mem::discriminant;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::KeyValue;

use super::attributes::Attributes;
use super::cell::{Cell, Form};
use crate::store::{Clock, Descriptor, FamilySnapshot, HistogramSample, Kind, Number, Sample, Series, Value};

/// Up to [`Descriptor::max_series`] series, that of the overflow included.
#[derive(Debug)]
pub(crate) struct Family {
    descriptor: Descriptor,
    kind: Kind,
    form: Form,
    clock: Clock,
    values_refused: Arc<AtomicU64>,
    cells: RwLock<BTreeMap<Attributes, Arc<Cell>>>,
    refused: AtomicU64,
}

impl Family {
    pub(crate) fn new(
        descriptor: Descriptor,
        kind: Kind,
        form: Form,
        clock: Clock,
        values_refused: Arc<AtomicU64>,
    ) -> Self {
        let (cells, refused) = (RwLock::default(), AtomicU64::new(0));
        Self { descriptor, kind, form, clock, values_refused, cells, refused }
    }

    /// Whether an instrument declared like this one is the same. Bounds are advice: those of the first are taken.
    pub(crate) fn is_alike(&self, descriptor: &Descriptor, kind: Kind, form: &Form) -> bool {
        (self.descriptor.unit(), self.kind) == (descriptor.unit(), kind)
            && discriminant(&self.form) == discriminant(form)
    }

    /// The cell of these attributes, or of the overflow where there is no more room.
    pub(crate) fn cell(&self, attributes: &[KeyValue]) -> Arc<Cell> {
        let attributes = Attributes::of(attributes);
        let known =
            self.cells.read().unwrap_or_else(PoisonError::into_inner).get(&attributes).map(Arc::clone);
        known.unwrap_or_else(|| self.make(attributes))
    }

    /// The name, and how many lookups were sent to the overflow.
    pub(crate) fn refused(&self) -> (&str, u64) {
        (self.descriptor.name(), self.refused.load(Relaxed))
    }

    pub(crate) fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        let cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        let mut family = FamilySnapshot::new(self.descriptor.clone(), self.form.shape());
        for cell in cells.values() {
            cell.read(&mut family);
        }
        for ((attributes, cell), series) in cells.iter().zip(family.series()) {
            let labels = attributes.labels();
            if let Some(sample) = self.sample(&labels, &series) {
                out(sample.since(cell.created));
            }
        }
    }

    fn sample<'a>(&'a self, labels: &'a [(&'a str, &'a str)], series: &Series<'a>) -> Option<Sample<'a>> {
        Some(match series.value() {
            Value::Histogram(value) => {
                let histogram = HistogramSample::new(value.bounds(), value.buckets(), value.sum());
                Sample::histogram(&self.descriptor, labels, histogram.with_exemplars(value.exemplars))
            }
            Value::Counter(number) | Value::Gauge(number) => {
                sample(&self.descriptor, self.kind, labels, number).with_exemplar(series.exemplar().copied())
            }
            // No instrument makes one.
            Value::Summary(_) => return None,
        })
    }

    #[cold]
    fn make(&self, attributes: Attributes) -> Arc<Cell> {
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        let full = !cells.contains_key(&attributes) && cells.len() + 1 >= self.descriptor.max_series();
        let key = if full {
            self.refused.fetch_add(1, Relaxed);
            Attributes::overflow()
        } else {
            attributes
        };
        let make = || Arc::new(Cell::new(&self.form, &self.clock, &self.values_refused));
        Arc::clone(cells.entry(key).or_insert_with(make))
    }
}

/// A number as what its instrument is.
pub(crate) fn sample<'a>(
    descriptor: &'a Descriptor,
    kind: Kind,
    labels: &'a [(&'a str, &'a str)],
    number: Number,
) -> Sample<'a> {
    match kind {
        Kind::Counter => Sample::counter(descriptor, labels, number),
        Kind::UpDownCounter => Sample::up_down_counter(descriptor, labels, number),
        _ => Sample::gauge(descriptor, labels, number),
    }
}
