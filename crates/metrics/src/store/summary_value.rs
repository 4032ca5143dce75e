//! Quantiles at a scrape.

/// Quantiles, count and sum of one series, as its collector told them. Instruments of the store make none: quantiles
/// of two processes cannot be added up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SummaryValue<'a> {
    pub(crate) quantiles: &'a [(f64, f64)],
    pub(crate) count: u64,
    pub(crate) sum: f64,
}

impl<'a> SummaryValue<'a> {
    /// Each quantile, from 0 to 1, with the value that it has, in the unit of the family.
    pub fn quantiles(&self) -> &'a [(f64, f64)] {
        self.quantiles
    }

    /// The number of recordings.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What was recorded, added up, in the unit of the family.
    pub fn sum(&self) -> f64 {
        self.sum
    }
}
