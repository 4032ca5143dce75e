//! Which count a recording belongs to.

use std::sync::Arc;

use super::bounds::Bounds;
use super::buckets::Buckets;
use super::clock::Clock;
use super::grid::Grid;
use super::measure::Measure;
use super::search::Search;

/// What all histograms of a family share.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) measure: Measure,
    pub(crate) buckets: Buckets,
    pub(crate) clock: Clock,
    // A copy of the limits: they are a pointer nearer than those in `buckets`.
    bounds: Search,
    grid: Option<Grid>,
    /// The last count below or at each bound, for a histogram of both kinds.
    turns: Vec<usize>,
}

/// What a count stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The bucket with an upper bound; that of `+Inf` if there are no bounds.
    pub(crate) bucket: usize,
    /// The exponential bucket; `None` for zero, or if there are none.
    pub(crate) index: Option<i32>,
}

impl Layout {
    pub(crate) fn new(measure: Measure, buckets: Buckets, clock: Clock) -> Arc<Self> {
        let bounds = Search::new(buckets.bounds().map_or(&[][..], Bounds::steps).to_vec());
        let grid = buckets.native().map(|native| Grid::new(measure, native.schema()));
        let turns = match (buckets.bounds(), &grid) {
            (Some(bounds), Some(grid)) => {
                bounds.steps().iter().enumerate().map(|(index, bound)| grid.place(*bound) + index).collect()
            }
            _ => Vec::new(),
        };
        Arc::new(Self { measure, buckets, clock, bounds, grid, turns })
    }

    pub(crate) fn upper(&self) -> &[f64] {
        self.buckets.bounds().map_or(&[], Bounds::upper)
    }

    /// The number of buckets that every format can show, that of `+Inf` included.
    pub(crate) fn shown(&self) -> usize {
        self.upper().len() + 1
    }

    /// The number of counts.
    pub(crate) fn counts(&self) -> usize {
        let classic = self.bounds.len();
        self.grid.as_ref().map_or(classic + 1, |grid| classic + grid.places())
    }

    /// The count of a recording.
    ///
    /// A recording has a place among the bounds and one among the exponential buckets, and neither goes down when
    /// it grows: their sum names the pair. So one addition counts it in both.
    #[inline]
    pub(crate) fn count_of(&self, steps: u64) -> usize {
        let classic = self.bounds.place(steps);
        match &self.grid {
            None => classic,
            Some(grid) => classic + grid.place(steps),
        }
    }

    /// The same, where there is little to compare.
    #[inline]
    pub(crate) fn quick_count_of(&self, steps: u64) -> Option<usize> {
        if self.grid.is_some() { None } else { self.bounds.quick_place(steps) }
    }

    /// The bucket that every format can show.
    pub(crate) fn bucket(&self, steps: u64) -> usize {
        self.bounds.place(steps)
    }

    /// What the recordings in a count have in common: [`count_of`](Self::count_of), backwards.
    pub(crate) fn meaning(&self, count: usize) -> Meaning {
        let Some(grid) = &self.grid else { return Meaning { bucket: count, index: None } };
        let bucket = self.turns.partition_point(|turn| *turn < count);
        let place = count - bucket;
        Meaning { bucket, index: (place > 0).then(|| grid.index(place)) }
    }
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.measure == other.measure && self.buckets == other.buckets
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::Native;

    #[test]
    fn a_count_of_both_kinds_tells_its_buckets_apart() {
        let bounds = Bounds::from_values(&[0.0, 3.0, 5.0, 6.0, 64.0, 1e6]).unwrap();
        let grid = Grid::new(Measure::Whole, 1);
        let layout = |buckets| Layout::new(Measure::Whole, buckets, Clock::system());
        let native = Native::default().with_schema(1);
        let both = layout(Buckets::Both(bounds.clone(), native));
        let alone = layout(Buckets::Native(native));
        for steps in (0..3000).chain([1_000_000, 1_000_001, u64::MAX]) {
            let index = (steps > 0).then(|| grid.index(grid.place(steps)));
            let bucket = bounds.steps().partition_point(|bound| *bound < steps);
            assert_eq!(both.meaning(both.count_of(steps)), Meaning { bucket, index }, "{steps}");
            assert_eq!(alone.meaning(alone.count_of(steps)), Meaning { bucket: 0, index }, "{steps}");
            assert!(both.count_of(steps) < both.counts());
        }
    }
}
