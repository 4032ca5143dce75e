//! Values that are computed when somebody looks.

use std::time::SystemTime;

use super::collected::{HistogramSample, SummarySample};
use super::descriptor::{Descriptor, Kind};
use super::exemplar::Exemplar;
use super::number::Number;

/// A source of values read at each snapshot: process statistics, build information, another registry.
///
/// A closure over `&mut dyn FnMut(Sample<'_>)` is one, too.
///
/// ```
/// use tower_telemetry_metrics::{Descriptor, Sample, Store};
///
/// const INFO: Descriptor = Descriptor::new("target.info", "", "Attributes of this process.");
///
/// let store = Store::new();
/// let version = String::from("1.2.3");
/// store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
///     out(Sample::gauge(&INFO, &[("service.version", &version)], 1_u64));
/// });
/// assert_eq!(store.snapshot().value("target.info", &[("service.version", "1.2.3")]), Some(1.0));
/// ```
pub trait Collect: Send + Sync + 'static {
    /// Tells every value, in any order. It runs on the thread of the scrape and holds up only that.
    ///
    /// A sample is refused, and counted in `tower_telemetry.samples.refused`:
    /// - when its name is that of a registered family, or of samples of another kind or with other bounds;
    /// - when its name or one of its labels cannot be told from another in the exposition;
    /// - when its labels have been told before, or those of [`Descriptor::max_series`] others have;
    /// - when its number cannot be that of its kind: a counter that is negative or NaN, buckets that do not fit
    ///   their bounds.
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>));

    /// Tells how often each family of its own sent a lookup to an overflow series: the store adds that to
    /// `tower_telemetry.series.refused`. Nothing, for those that keep no series.
    fn refusals(&self, _out: &mut dyn FnMut(&str, u64)) {}
}

/// The value of one series with its labels, which may be texts made at run time.
///
/// # Cardinality
///
/// The values of the labels come from the collector alone. Of one family at most [`Descriptor::max_series`] series
/// are kept, by the descriptor that comes first.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub(crate) descriptor: &'a Descriptor,
    pub(crate) labels: &'a [(&'a str, &'a str)],
    pub(crate) told: Told<'a>,
    pub(crate) exemplar: Option<Exemplar>,
    pub(crate) created: Option<SystemTime>,
}

/// What is told of a series.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    Counter(Number),
    UpDownCounter(Number),
    Gauge(Number),
    Histogram(HistogramSample<'a>),
    Summary(SummarySample<'a>),
}

impl<'a> Sample<'a> {
    /// A sum that only grows, counted by another.
    pub fn counter(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        number: impl Into<Number>,
    ) -> Self {
        Self::new(descriptor, labels, Told::Counter(number.into()))
    }

    /// A level that may be added to those of other series, as that of each queue.
    pub fn up_down_counter(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        number: impl Into<Number>,
    ) -> Self {
        Self::new(descriptor, labels, Told::UpDownCounter(number.into()))
    }

    /// A level; that of an up-down counter, if the descriptor is [additive](Descriptor::additive).
    pub fn gauge(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        number: impl Into<Number>,
    ) -> Self {
        Self::new(descriptor, labels, Told::Gauge(number.into()))
    }

    /// Recordings in buckets, counted by another. All series of a family have the same bounds.
    pub const fn histogram(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        histogram: HistogramSample<'a>,
    ) -> Self {
        Self::new(descriptor, labels, Told::Histogram(histogram))
    }

    /// Quantiles, computed by another.
    pub const fn summary(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        summary: SummarySample<'a>,
    ) -> Self {
        Self::new(descriptor, labels, Told::Summary(summary))
    }

    /// Adds the exemplar of a counter. Those of a histogram are
    /// [with its buckets](HistogramSample::with_exemplars).
    #[must_use]
    pub const fn with_exemplar(self, exemplar: Option<Exemplar>) -> Self {
        Self { exemplar, ..self }
    }

    /// Says since when the series counts.
    #[must_use]
    pub const fn since(self, created: SystemTime) -> Self {
        Self { created: Some(created), ..self }
    }

    const fn new(descriptor: &'a Descriptor, labels: &'a [(&'a str, &'a str)], told: Told<'a>) -> Self {
        Self { descriptor, labels, told, exemplar: None, created: None }
    }
}

impl Told<'_> {
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Counter(_) => Kind::Counter,
            Self::UpDownCounter(_) => Kind::UpDownCounter,
            Self::Gauge(_) => Kind::Gauge,
            Self::Histogram(_) => Kind::Histogram,
            Self::Summary(_) => Kind::Summary,
        }
    }

    /// Whether there can be such a value. A sum that goes down is no counter, and NaN never leaves one that it has
    /// entered.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            // NaN is not, either.
            Self::Counter(number) => number.as_f64() >= 0.0,
            Self::UpDownCounter(_) | Self::Gauge(_) => true,
            Self::Histogram(histogram) => histogram.is_sound(),
            Self::Summary(summary) => summary.is_sound(),
        }
    }
}

impl<C> Collect for C
where
    C: Fn(&mut dyn FnMut(Sample<'_>)) + Send + Sync + 'static,
{
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        self(out);
    }
}
