//! Instruments that are asked when somebody looks.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, Callback};

use super::attributes::Attributes;
use super::family::sample;
use crate::store::{Descriptor, Kind, Number, Sample};

/// An instrument with its callbacks.
pub(crate) struct Observable<T> {
    pub(crate) descriptor: Descriptor,
    pub(crate) kind: Kind,
    pub(crate) callbacks: Vec<Callback<T>>,
}

/// Observables of any type of number.
pub(crate) trait Observe: Send + Sync {
    fn observe(&self, out: &mut dyn FnMut(Sample<'_>));
}

/// What one look brings.
struct Observer {
    seen: Mutex<BTreeMap<Attributes, Number>>,
    most: usize,
}

impl<T: Into<Number> + 'static> Observe for Observable<T> {
    fn observe(&self, out: &mut dyn FnMut(Sample<'_>)) {
        let observer = Observer { seen: Mutex::default(), most: self.descriptor.max_series() };
        for callback in &self.callbacks {
            callback(&observer);
        }
        for (attributes, number) in observer.seen.into_inner().unwrap_or_else(PoisonError::into_inner) {
            out(sample(&self.descriptor, self.kind, &attributes.labels(), number));
        }
    }
}

impl<T: Into<Number>> AsyncInstrument<T> for Observer {
    fn observe(&self, measurement: T, attributes: &[KeyValue]) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let attributes = Attributes::of(attributes);
        if seen.len() + 1 < self.most || seen.contains_key(&attributes) {
            // Of two observations of one series, the last counts.
            seen.insert(attributes, measurement.into());
        } else {
            // Here they are of many, and a sum that takes the place of another would fall.
            let overflow = seen.entry(Attributes::overflow()).or_insert(Number::Float(0.0));
            *overflow = Number::Float(overflow.as_f64() + measurement.into().as_f64());
        }
    }
}
