//! Exponential buckets at a scrape.

/// What Prometheus clients call zero unless told otherwise (2^-128): below every step that a store keeps.
pub(crate) const ZERO_THRESHOLD: f64 = f64::from_bits((1023 - 128) << 52);

/// The exponential buckets of one series: a native histogram of Prometheus, an exponential one of OpenTelemetry.
///
/// With the base `2^(2^-schema)`, bucket `i` holds what is above `base^i` and not above `base^(i + 1)`, in the
/// unit of the family. This is the layout of OpenTelemetry; Prometheus calls the same bucket `i + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NativeValue<'a> {
    pub(crate) schema: i32,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: u64,
    pub(crate) positive: (i32, &'a [u64]),
    pub(crate) negative: (i32, &'a [u64]),
    pub(crate) sum: f64,
}

impl<'a> NativeValue<'a> {
    /// The resolution, from -4 to 8: each step up halves the width of the buckets.
    pub fn schema(&self) -> i32 {
        self.schema
    }

    /// The largest value that counts as zero.
    pub fn zero_threshold(&self) -> f64 {
        self.zero_threshold
    }

    /// The recordings of what counts as zero.
    pub fn zero_count(&self) -> u64 {
        self.zero_count
    }

    /// The index of the first bucket, and the recordings from there on; no bucket where nothing was recorded.
    /// First and last are never empty.
    pub fn positive(&self) -> (i32, &'a [u64]) {
        self.positive
    }

    /// The same of negative recordings, by their size. Instruments of the store have none; what a collector tells
    /// may.
    pub fn negative(&self) -> (i32, &'a [u64]) {
        self.negative
    }

    /// The number of recordings: the buckets, added up, with those of zero.
    pub fn count(&self) -> u64 {
        let (positive, negative) = (self.positive.1.iter(), self.negative.1.iter());
        positive.chain(negative).fold(self.zero_count, |sum, count| sum.saturating_add(*count))
    }

    /// What was recorded, added up, in the unit of the family.
    pub fn sum(&self) -> f64 {
        self.sum
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_zero_threshold_is_that_of_the_clients() {
        assert_eq!(ZERO_THRESHOLD, f64::powi(2.0, -128));
    }
}
