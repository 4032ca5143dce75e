//! The value of a series at a scrape.

use super::number::Number;

const NANOS_PER_SECOND: f64 = 1e9;

/// A value, by the kind of its family.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A sum that only grows.
    Counter(Number),
    /// A level.
    Gauge(Number),
    /// Durations in buckets.
    Histogram(HistogramValue<'a>),
}

/// The buckets of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HistogramValue<'a> {
    bounds: &'a [f64],
    buckets: &'a [u64],
    sum_nanos: u64,
}

impl<'a> HistogramValue<'a> {
    pub(crate) fn new(bounds: &'a [f64], buckets: &'a [u64], sum_nanos: u64) -> Self {
        Self { bounds, buckets, sum_nanos }
    }

    /// The upper bounds in seconds, without `+Inf`.
    pub fn bounds(&self) -> &'a [f64] {
        self.bounds
    }

    /// The recordings in each bucket, not cumulative; one more than [`bounds`](Self::bounds), the last for `+Inf`.
    pub fn buckets(&self) -> &'a [u64] {
        self.buckets
    }

    /// The number of recordings: the buckets, added up.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The recorded time in seconds.
    pub fn sum(&self) -> f64 {
        self.sum_nanos as f64 / NANOS_PER_SECOND
    }
}
