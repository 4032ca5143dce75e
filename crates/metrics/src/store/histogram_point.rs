//! Where the numbers of a histogram lie in a snapshot.

use std::ops::Range;

/// What a histogram told: how far its numbers reach in the lists that it filled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HistogramPoint {
    pub(crate) buckets: Range<usize>,
    pub(crate) exemplars: Range<usize>,
    pub(crate) native: Option<NativePoint>,
    pub(crate) sum: u64,
}

/// The exponential part of a [`HistogramPoint`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NativePoint {
    pub(crate) schema: i32,
    pub(crate) zero_count: u64,
    pub(crate) offset: i32,
    pub(crate) counts: Range<usize>,
}

impl HistogramPoint {
    pub(crate) const NOTHING: Self = Self { buckets: 0..0, exemplars: 0..0, native: None, sum: 0 };
}
