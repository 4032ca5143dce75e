//! Exponential buckets at a scrape.

use super::measure::Measure;

/// What Prometheus clients call zero unless told otherwise (2^-128): below every step that a store keeps.
const ZERO_THRESHOLD: f64 = f64::from_bits((1023 - 128) << 52);

/// The exponential buckets of one series: a native histogram of Prometheus, an exponential one of OpenTelemetry.
///
/// With the base `2^(2^-schema)`, bucket `i` holds what is above `base^i` and not above `base^(i + 1)`, in the
/// unit of the family. This is the layout of OpenTelemetry; Prometheus calls the same bucket `i + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NativeValue<'a> {
    pub(crate) schema: i32,
    pub(crate) zero_count: u64,
    pub(crate) offset: i32,
    pub(crate) counts: &'a [u64],
    pub(crate) measure: Measure,
    pub(crate) sum: u64,
}

impl<'a> NativeValue<'a> {
    /// The resolution, from -4 to 8: each step up halves the width of the buckets.
    pub fn schema(&self) -> i32 {
        self.schema
    }

    /// The largest value that counts as zero.
    pub fn zero_threshold(&self) -> f64 {
        ZERO_THRESHOLD
    }

    /// The recordings of zero.
    pub fn zero_count(&self) -> u64 {
        self.zero_count
    }

    /// The index of the first bucket, and the recordings from there on; no bucket where nothing was recorded.
    /// First and last are never empty.
    pub fn positive(&self) -> (i32, &'a [u64]) {
        (self.offset, self.counts)
    }

    /// The number of recordings: the buckets, added up, with those of zero.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum::<u64>() + self.zero_count
    }

    /// What was recorded, added up, in the unit of the family.
    pub fn sum(&self) -> f64 {
        self.measure.tell(self.sum)
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
