//! Where the exponential buckets begin and end.

use super::measure::Measure;
use super::search::Search;

/// The upper limits of all exponential buckets that a `u64` of steps can reach, in steps.
///
/// A limit is the last step that is not above `base^(i + 1)`: to compare whole steps is exact, and needs neither a
/// logarithm nor a float where a recording is made.
#[derive(Debug)]
pub(crate) struct Grid {
    /// The index, in OpenTelemetry's count, of the bucket of the first limit.
    first: i32,
    limits: Search,
}

impl Grid {
    pub(crate) fn new(measure: Measure, schema: i32) -> Self {
        let one = measure.steps(1.0).unwrap_or(1) as f64;
        // Well below the first bucket that a step falls into.
        let mut index = ((-one.log2() - 2.0) * f64::exp2(schema.into())).floor() as i32 - 1;
        while limit(index, schema, one) == 0 {
            index += 1;
        }
        let mut limits = vec![limit(index, schema, one)];
        while limits.last() != Some(&u64::MAX) {
            limits.push(limit(index + limits.len() as i32, schema, one));
        }
        Self { first: index, limits: Search::new(limits) }
    }

    /// How many places there are: that of zero and one for each bucket.
    pub(crate) fn places(&self) -> usize {
        self.limits.len() + 1
    }

    /// The place of a recording: 0 for zero, else one more than that of its limit.
    #[inline]
    pub(crate) fn place(&self, steps: u64) -> usize {
        if steps == 0 { 0 } else { 1 + self.limits.place(steps) }
    }

    /// The index of the bucket at a place, which is not that of zero.
    pub(crate) fn index(&self, place: usize) -> i32 {
        self.first + place as i32 - 1
    }
}

/// The last step that is not above `2^((index + 1) / 2^schema)` in the unit of the family.
fn limit(index: i32, schema: i32, one: f64) -> u64 {
    let upper = i64::from(index) + 1;
    // Whole powers of two are exact, so that 1, 2 and 4 are in the buckets that they bound.
    let (whole, part) = if schema >= 0 {
        let per_octave = 1_i64 << schema;
        (upper.div_euclid(per_octave), upper.rem_euclid(per_octave) as f64 / per_octave as f64)
    } else {
        (upper << -schema, 0.0)
    };
    // A cast of a float stops at the ends of its integer.
    (f64::powi(2.0, whole as i32) * part.exp2() * one) as u64
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// The definition, in floats: `base^i < value <= base^(i + 1)`.
    fn holds(index: i32, schema: i32, value: f64) -> bool {
        let place = value.log2() * f64::exp2(schema.into());
        let (low, high) = (f64::from(index), f64::from(index) + 1.0);
        low - 1e-9 < place && place <= high + 1e-9
    }

    #[test]
    fn every_step_falls_into_the_bucket_that_the_formula_names() {
        for (measure, one) in [(Measure::Seconds, 1e9), (Measure::Whole, 1.0)] {
            for schema in -4..=6 {
                let grid = Grid::new(measure, schema);
                let mut random: u64 = 1;
                let numbers = (0..4000).map(|round: u32| {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (random >> (round % 64)).max(1)
                });
                for steps in numbers.chain([1, 2, 3, 4, 1_000_000_000, u64::MAX]).collect::<Vec<_>>() {
                    let index = grid.index(grid.place(steps));
                    assert!(
                        holds(index, schema, steps as f64 / one),
                        "{measure:?} {schema} {steps}: {index}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_power_of_two_belongs_to_the_bucket_below_it() {
        let grid = Grid::new(Measure::Whole, 0);
        let indexes = [1, 2, 3, 4, 5, 8].map(|steps| grid.index(grid.place(steps)));
        assert_eq!(indexes, [-1, 0, 1, 1, 2, 2]);
        let grid = Grid::new(Measure::Seconds, 0);
        let indexes = [500_000_000, 1_000_000_000, 1_000_000_001].map(|steps| grid.index(grid.place(steps)));
        assert_eq!(indexes, [-2, -1, 0]);
        assert_eq!(grid.place(0), 0);
    }
}
