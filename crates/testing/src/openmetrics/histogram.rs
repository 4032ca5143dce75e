//! What the samples of one histogram come to.

use super::error::Result;
use super::family::{Family, Sample};
use super::{groups, rules};

/// Checks each group of a family with buckets.
pub(crate) fn check(family: &Family) -> Result {
    let key = |sample: &Sample| (groups::labels(family.kind, &family.name, sample), sample.timestamp);
    family
        .samples
        .chunk_by(|one, other| key(one) == key(other))
        .try_for_each(|group| Histogram::of(&family.name, group)?.check())
}

/// One histogram, with what is there of it.
#[derive(Clone, Copy, Debug, Default)]
struct Histogram {
    /// The last bucket: its bound and its count.
    last: Option<(f64, f64)>,
    has_negative_bounds: bool,
    count: Option<f64>,
    sum: Option<f64>,
    gauge_sum: Option<f64>,
}

impl Histogram {
    fn of(name: &str, group: &[Sample]) -> Result<Self> {
        let mut told = Self::default();
        for sample in group {
            match sample.name.strip_prefix(name).unwrap_or_default() {
                "_bucket" => told.bucket(rules::upper_bound(sample).unwrap_or(f64::NAN), sample.value)?,
                "_count" | "_gcount" => told.count = Some(sample.value),
                "_sum" => told.sum = Some(sample.value),
                "_gsum" => told.gauge_sum = Some(sample.value),
                _ => {}
            }
        }
        Ok(told)
    }

    fn bucket(&mut self, bound: f64, count: f64) -> Result {
        match self.last.replace((bound, count)) {
            Some((below, _)) if bound <= below => return Err("the bounds of buckets do not go up"),
            Some((_, before)) if count < before => return Err("the counts of buckets go down"),
            _ => self.has_negative_bounds |= bound < 0.0,
        }
        Ok(())
    }

    fn check(self) -> Result {
        let Some((f64::INFINITY, all)) = self.last else { return Err("the bucket of +Inf is missing") };
        let has_sum = self.sum.is_some() || self.gauge_sum.is_some();
        if self.count.is_some_and(|count| count != all) {
            return Err("the count is not that of the last bucket");
        }
        if has_sum != self.count.is_some() {
            return Err("count and sum are not both there");
        }
        if self.has_negative_bounds && self.sum.is_some() {
            return Err("a histogram with negative bounds has a sum");
        }
        if !self.has_negative_bounds && self.gauge_sum.is_some_and(|sum| sum < 0.0) {
            return Err("the sum is negative and no bound is");
        }
        Ok(())
    }
}
