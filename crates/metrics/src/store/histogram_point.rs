//! Where the numbers of a histogram lie in a snapshot.

use std::ops::Range;

use super::exemplar::Exemplar;

/// The numbers of all histograms of a family, in one list each: a scrape allocates per family, not per series.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HistogramLists {
    pub(crate) buckets: Vec<u64>,
    pub(crate) exemplars: Vec<Option<Exemplar>>,
    pub(crate) natives: Vec<NativePoint>,
}

/// What a histogram told: how far its numbers reach in the lists that it filled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HistogramPoint {
    pub(crate) buckets: Range<usize>,
    pub(crate) exemplars: Range<usize>,
    pub(crate) native: Option<usize>,
    pub(crate) sum: f64,
}

/// The exponential part of a [`HistogramPoint`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NativePoint {
    pub(crate) schema: i32,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: u64,
    pub(crate) positive: Run,
    pub(crate) negative: Run,
}

/// Neighbouring exponential buckets: the index of the first, and where their counts lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    pub(crate) offset: i32,
    pub(crate) counts: Range<usize>,
}

impl HistogramPoint {
    pub(crate) const NOTHING: Self = Self { buckets: 0..0, exemplars: 0..0, native: None, sum: 0.0 };
}
