//! The value of a series at a scrape.

use super::exemplar::Exemplar;
use super::native_value::NativeValue;
use super::number::Number;
use super::summary_value::SummaryValue;

/// A value, by the kind of its family.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A sum that only grows. Its exemplar is [`Series::exemplar`](super::Series::exemplar).
    Counter(Number),
    /// A level: that of a gauge or of an up-down counter.
    Gauge(Number),
    /// Recordings in buckets.
    Histogram(HistogramValue<'a>),
    /// Quantiles that somebody else has computed.
    Summary(SummaryValue<'a>),
}

/// The buckets of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HistogramValue<'a> {
    pub(crate) bounds: &'a [f64],
    pub(crate) buckets: &'a [u64],
    pub(crate) exemplars: &'a [Option<Exemplar>],
    pub(crate) native: Option<NativeValue<'a>>,
    pub(crate) sum: f64,
}

impl<'a> HistogramValue<'a> {
    /// The upper bounds in the unit of the family, without `+Inf`; empty if the family has native buckets alone.
    pub fn bounds(&self) -> &'a [f64] {
        self.bounds
    }

    /// The recordings in each bucket, not cumulative; one more than [`bounds`](Self::bounds), the last for `+Inf`.
    ///
    /// A family with native buckets alone has the one for `+Inf`: what a format without them can show.
    pub fn buckets(&self) -> &'a [u64] {
        self.buckets
    }

    /// The exemplar of each of the [`buckets`](Self::buckets).
    pub fn exemplars(&self) -> impl ExactSizeIterator<Item = Option<&'a Exemplar>> + use<'a> {
        let exemplars = self.exemplars;
        (0..self.buckets.len()).map(move |bucket| exemplars.get(bucket).and_then(Option::as_ref))
    }

    /// The exponential buckets, if the family has them. They count the same recordings as the others.
    pub fn native(&self) -> Option<NativeValue<'a>> {
        self.native
    }

    /// The number of recordings: the buckets, added up.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// What was recorded, added up, in the unit of the family.
    pub fn sum(&self) -> f64 {
        self.sum
    }
}
