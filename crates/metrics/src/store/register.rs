//! How families come into a store.

use std::sync::{Arc, PoisonError};

use super::bounds::Bounds;
use super::buckets::Buckets;
use super::counter::Counter;
use super::declaration;
use super::descriptor::{Descriptor, Extremes, Shape};
use super::error::RegisterError;
use super::family::Family;
use super::float_gauge::FloatGauge;
use super::float_histogram::FloatHistogram;
use super::gauge::Gauge;
use super::histogram::Histogram;
use super::labels::Labels;
use super::layout::Layout;
use super::measure::Measure;
use super::read::Read;
use super::registry::Store;
use super::value_histogram::ValueHistogram;

impl Store {
    /// Registers counters, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] when the declaration is malformed or contradicts an earlier one. Help and maximum of
    /// series may differ: the first declaration holds.
    pub fn counter_family<L: Labels>(
        &self,
        descriptor: Descriptor,
    ) -> Result<Arc<Family<L, Counter>>, RegisterError> {
        let clock = self.inner.clock.clone();
        self.family(descriptor, Shape::Counter, move || Counter::with_clock(clock.clone()))
    }

    /// Registers gauges, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family).
    pub fn gauge_family<L: Labels>(
        &self,
        descriptor: Descriptor,
    ) -> Result<Arc<Family<L, Gauge>>, RegisterError> {
        let (clock, extremes) = (self.inner.clock.clone(), descriptor.extremes());
        self.family(descriptor, Shape::Gauge, move || match extremes {
            Extremes::Noted => Gauge::with_extremes(clock.clone()),
            Extremes::Forgotten => Gauge::new(),
        })
    }

    /// Registers gauges of numbers that are not whole, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family).
    pub fn float_gauge_family<L: Labels>(
        &self,
        descriptor: Descriptor,
    ) -> Result<Arc<Family<L, FloatGauge>>, RegisterError> {
        let refused = Arc::clone(&self.inner.values_refused);
        self.family(descriptor, Shape::FloatGauge, move || FloatGauge::counting_into(Arc::clone(&refused)))
    }

    /// Registers histograms of durations, or finds those registered under this name before. The unit is `s`.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family); bounds of whole numbers, or other buckets than before, are a
    /// contradiction, too.
    pub fn histogram_family<L: Labels>(
        &self,
        descriptor: Descriptor,
        buckets: impl Into<Buckets>,
    ) -> Result<Arc<Family<L, Histogram>>, RegisterError> {
        let layout = Layout::new(Measure::Seconds, buckets.into(), self.inner.clock.clone());
        let shape = Shape::Histogram(Arc::clone(&layout));
        self.family(descriptor, shape, move || Histogram::with_layout(Arc::clone(&layout)))
    }

    /// Registers histograms of whole numbers, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family); bounds of durations, or other buckets than before, are a
    /// contradiction, too.
    pub fn value_histogram_family<L: Labels>(
        &self,
        descriptor: Descriptor,
        buckets: impl Into<Buckets>,
    ) -> Result<Arc<Family<L, ValueHistogram>>, RegisterError> {
        let layout = Layout::new(Measure::Whole, buckets.into(), self.inner.clock.clone());
        let shape = Shape::Histogram(Arc::clone(&layout));
        self.family(descriptor, shape, move || ValueHistogram::with_layout(Arc::clone(&layout)))
    }

    /// Registers histograms of numbers that need not be whole, or finds those registered under this name before.
    ///
    /// # Errors
    ///
    /// As [`counter_family`](Self::counter_family); bounds of durations or of whole numbers, or others than before,
    /// are a contradiction, too.
    pub fn float_histogram_family<L: Labels>(
        &self,
        descriptor: Descriptor,
        bounds: Bounds,
    ) -> Result<Arc<Family<L, FloatHistogram>>, RegisterError> {
        let layout = Layout::new(Measure::Float, bounds.into(), self.inner.clock.clone());
        let (shape, refused) =
            (Shape::Histogram(Arc::clone(&layout)), Arc::clone(&self.inner.values_refused));
        self.family(descriptor, shape, move || {
            FloatHistogram::counting_into(Arc::clone(&layout), Arc::clone(&refused))
        })
    }

    fn family<L, M>(
        &self,
        mut descriptor: Descriptor,
        shape: Shape,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> Result<Arc<Family<L, M>>, RegisterError>
    where
        L: Labels,
        M: Read + Send + Sync + 'static,
    {
        if let (None, Some(after)) = (descriptor.idle_expiry(), self.inner.idle_expiry.get()) {
            descriptor = descriptor.with_idle_expiry(*after);
        }
        declaration::check::<L>(&descriptor, &shape)?;
        let mut registered = self.inner.registered.write().unwrap_or_else(PoisonError::into_inner);
        let clock = self.inner.clock.clone();
        registered.family(descriptor, shape, |descriptor, shape| Family::new(descriptor, shape, clock, make))
    }
}
