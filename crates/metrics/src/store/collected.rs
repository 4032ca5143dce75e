//! What a collector tells of one series that is more than a number.

use super::exemplar::Exemplar;
use super::histogram_point::{HistogramLists, HistogramPoint, NativePoint, Run};
use super::summary_value::SummaryValue;

/// The resolutions that both OpenTelemetry and Prometheus have names for.
const SCHEMAS: std::ops::RangeInclusive<i32> = -4..=8;

/// A histogram that somebody else keeps, of any numbers.
///
/// ```
/// use tower_telemetry_metrics::{Descriptor, HistogramSample, Sample, Store};
///
/// const PAUSE: Descriptor = Descriptor::new("shop.pause", "s", "Pauses of the collector of garbage.");
///
/// let store = Store::new();
/// store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
///     let pauses = HistogramSample::new(&[0.001, 0.1], &[7, 2, 0], 0.025);
///     out(Sample::histogram(&PAUSE, &[("generation", "old")], pauses));
/// });
/// let snapshot = store.snapshot();
/// assert_eq!(snapshot.histogram("shop.pause", &[("generation", "old")]).map(|pause| pause.count()), Some(9));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HistogramSample<'a> {
    bounds: &'a [f64],
    buckets: Buckets<'a>,
    exemplars: &'a [Option<Exemplar>],
    native: Option<NativeSample<'a>>,
    sum: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Buckets<'a> {
    Each(&'a [u64]),
    /// There are no bounds, and so there is one.
    One(u64),
}

/// Exponential buckets that somebody else keeps.
///
/// With the base `2^(2^-schema)`, bucket `i` holds what is above `base^i` and not above `base^(i + 1)`: the layout of
/// OpenTelemetry. Prometheus calls the same bucket `i + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NativeSample<'a> {
    /// The resolution, from -4 to 8.
    pub schema: i32,
    /// The largest size of a number that counts as zero.
    pub zero_threshold: f64,
    /// The recordings of what counts as zero.
    pub zero_count: u64,
    /// The index of the first bucket, and the recordings from there on.
    pub positive: (i32, &'a [u64]),
    /// The same of negative recordings, by their size.
    pub negative: (i32, &'a [u64]),
}

/// Quantiles that somebody else has computed, with count and sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SummarySample<'a> {
    /// Each quantile, from 0 to 1 and ascending, with its value in the unit of the family.
    pub quantiles: &'a [(f64, f64)],
    /// The number of recordings.
    pub count: u64,
    /// What was recorded, added up, in the unit of the family.
    pub sum: f64,
}

impl<'a> HistogramSample<'a> {
    /// Finite, ascending upper bounds in the unit of the family, without `+Inf`; the recordings in each bucket, not
    /// cumulative, one more than there are bounds; and what was recorded, added up.
    pub const fn new(bounds: &'a [f64], buckets: &'a [u64], sum: f64) -> Self {
        Self { bounds, buckets: Buckets::Each(buckets), exemplars: &[], native: None, sum }
    }

    /// Exponential buckets alone. A format that cannot show them shows count and sum.
    pub fn native(native: NativeSample<'a>, sum: f64) -> Self {
        let buckets = Buckets::One(native.count().unwrap_or(u64::MAX));
        Self { bounds: &[], buckets, exemplars: &[], native: Some(native), sum }
    }

    /// Adds exponential buckets that hold the same recordings.
    #[must_use]
    pub const fn with_native(self, native: NativeSample<'a>) -> Self {
        Self { native: Some(native), ..self }
    }

    /// Adds an exemplar for each bucket that has one, in their order.
    #[must_use]
    pub const fn with_exemplars(self, exemplars: &'a [Option<Exemplar>]) -> Self {
        Self { exemplars, ..self }
    }

    pub(crate) const fn bounds(&self) -> &'a [f64] {
        self.bounds
    }

    /// Whether the parts fit together: a page cannot be read that says otherwise.
    pub(crate) fn is_sound(&self) -> bool {
        let buckets = self.buckets();
        let ascend = self.bounds.iter().zip(self.bounds.iter().skip(1)).all(|(one, next)| one < next);
        let count = buckets.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count));
        let native = self.native.is_none_or(|native| native.is_sound() && native.count() == count);
        ascend
            && self.bounds.iter().all(|bound| bound.is_finite())
            && buckets.len() == self.bounds.len() + 1
            && (self.exemplars.is_empty() || self.exemplars.len() == buckets.len())
            && count.is_some()
            && native
    }

    pub(crate) fn append(&self, lists: &mut HistogramLists) -> HistogramPoint {
        let counts = |buckets: &mut Vec<u64>, told: &[u64]| {
            let from = buckets.len();
            buckets.extend_from_slice(told);
            from..buckets.len()
        };
        let buckets = counts(&mut lists.buckets, self.buckets());
        let exemplars_from = lists.exemplars.len();
        lists.exemplars.extend_from_slice(self.exemplars);
        let native = self.native.map(|native| {
            let mut run = |(offset, told)| Run { offset, counts: counts(&mut lists.buckets, told) };
            let (positive, negative) = (run(native.positive), run(native.negative));
            let NativeSample { schema, zero_threshold, zero_count, .. } = native;
            lists.natives.push(NativePoint { schema, zero_threshold, zero_count, positive, negative });
            lists.natives.len() - 1
        });
        HistogramPoint { buckets, exemplars: exemplars_from..lists.exemplars.len(), native, sum: self.sum }
    }

    fn buckets(&self) -> &[u64] {
        match &self.buckets {
            Buckets::Each(buckets) => buckets,
            Buckets::One(count) => std::slice::from_ref(count),
        }
    }
}

impl NativeSample<'_> {
    fn is_sound(&self) -> bool {
        let ends = |(offset, counts): (i32, &[u64])| {
            i32::try_from(counts.len()).ok().and_then(|length| offset.checked_add(length)).is_some()
        };
        SCHEMAS.contains(&self.schema)
            && self.zero_threshold.is_finite()
            && self.zero_threshold >= 0.0
            && ends(self.positive)
            && ends(self.negative)
    }

    /// `None` if there are more than can be counted.
    fn count(&self) -> Option<u64> {
        let mut counts = self.positive.1.iter().chain(self.negative.1);
        counts.try_fold(self.zero_count, |sum, count| sum.checked_add(*count))
    }
}

impl<'a> SummarySample<'a> {
    /// Whether a page that tells it can be read.
    pub(crate) fn is_sound(&self) -> bool {
        let quantiles = || self.quantiles.iter().map(|(quantile, _)| *quantile);
        quantiles().all(|quantile| (0.0..=1.0).contains(&quantile))
            && quantiles().zip(quantiles().skip(1)).all(|(one, next)| one < next)
    }

    pub(crate) const fn value(self) -> SummaryValue<'a> {
        let Self { quantiles, count, sum } = self;
        SummaryValue { quantiles, count, sum }
    }
}
