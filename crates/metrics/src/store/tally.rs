//! What histograms of durations and of whole numbers have in common.

use std::sync::Arc;

use tower_telemetry_core::TraceIds;

use super::annex::{Annex, looks_around};
use super::cells::Cells;
use super::family_snapshot::FamilySnapshot;
use super::histogram_point::{HistogramPoint, NativePoint};
use super::layout::Layout;
use super::sync::Ordering::Relaxed;

/// Steps counted into buckets, and their sum.
#[derive(Debug)]
pub(crate) struct Tally {
    layout: Arc<Layout>,
    first: Cells,
    annex: Annex<Cells>,
}

impl Tally {
    pub(crate) fn new(layout: Arc<Layout>) -> Self {
        let first = empty(&layout);
        Self { layout, first, annex: Annex::new() }
    }

    /// Counts one recording.
    #[inline]
    pub(crate) fn record(&self, steps: u64) {
        let count = self.layout.count_of(steps);
        let cells = self.annex.mine().unwrap_or(&self.first);
        // Always there: there is a count for each answer of the layout.
        let (Some(count), Some(sum)) = (cells.count(count), cells.sum()) else { return };
        let seen = count.fetch_add(1, Relaxed);
        if looks_around(seen) {
            // An exchange fails where another thread recorded meanwhile, which an addition would not tell.
            let before = sum.load(Relaxed);
            if sum.compare_exchange(before, before.wrapping_add(steps), Relaxed, Relaxed).is_err() {
                sum.fetch_add(steps, Relaxed);
                self.annex.met(|| empty(&self.layout));
            }
        } else {
            sum.fetch_add(steps, Relaxed);
        }
    }

    /// Counts one recording, and offers it as the exemplar of its bucket if its trace is sampled.
    #[inline]
    pub(crate) fn record_with(&self, steps: u64, ids: Option<&TraceIds>) {
        self.record(steps);
        if let Some(ids) = ids.filter(|ids| ids.flags.is_sampled()) {
            let layout = &self.layout;
            self.annex.offer(layout.shown(), layout.bucket(steps), ids, steps, &layout.clock);
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.copies().flat_map(Cells::counts).map(|(_, count)| count.load(Relaxed)).sum()
    }

    /// The sum in steps. It wraps.
    pub(crate) fn sum(&self) -> u64 {
        self.copies().filter_map(Cells::sum).fold(0, |sum, cell| sum.wrapping_add(cell.load(Relaxed)))
    }

    pub(crate) fn read(&self, family: &mut FamilySnapshot) {
        let sum = self.sum();
        family.push_histogram(|buckets, exemplars| {
            let start = buckets.len();
            let shown = start..start + self.layout.shown();
            buckets.resize(shown.end, 0);
            let native = self.read_counts(buckets, start);
            let exemplars_from = exemplars.len();
            exemplars.extend(self.annex.exemplars(self.layout.measure));
            HistogramPoint { buckets: shown, exemplars: exemplars_from..exemplars.len(), native, sum }
        });
    }

    /// Adds the counts to the buckets from `start` on, and appends the exponential ones behind them.
    fn read_counts(&self, buckets: &mut Vec<u64>, start: usize) -> Option<NativePoint> {
        let Some(native) = self.layout.buckets.native() else {
            for (bucket, count) in self.copies().flat_map(Cells::counts) {
                if let Some(bucket) = buckets.get_mut(start + bucket) {
                    *bucket += count.load(Relaxed);
                }
            }
            return None;
        };
        let mut zero_count = 0;
        let mut found: Vec<(i32, u64)> = Vec::new();
        for (count, recordings) in self.copies().flat_map(Cells::counts) {
            let recordings = recordings.load(Relaxed);
            if recordings == 0 {
                continue;
            }
            let meaning = self.layout.meaning(count);
            if let Some(bucket) = buckets.get_mut(start + meaning.bucket) {
                *bucket += recordings;
            }
            match meaning.index {
                None => zero_count += recordings,
                Some(index) => found.push((index, recordings)),
            }
        }
        let mut schema = native.schema();
        let first = found.iter().map(|(index, _)| *index).min().unwrap_or_default();
        let last = found.iter().map(|(index, _)| *index).max().unwrap_or_default();
        // Each step down halves the indexes, which merges bucket 2i with bucket 2i + 1.
        let mut halvings = 0;
        while ((last >> halvings) - (first >> halvings)) as usize >= native.max_buckets() {
            halvings += 1;
            schema -= 1;
        }
        let offset = first >> halvings;
        let from = buckets.len();
        if !found.is_empty() {
            buckets.resize(from + ((last >> halvings) - offset) as usize + 1, 0);
        }
        for (index, recordings) in found {
            if let Some(bucket) = buckets.get_mut(from + ((index >> halvings) - offset) as usize) {
                *bucket += recordings;
            }
        }
        Some(NativePoint { schema, zero_count, offset, counts: from..buckets.len() })
    }

    fn copies(&self) -> impl Iterator<Item = &Cells> {
        std::iter::once(&self.first).chain(self.annex.copies())
    }
}

fn empty(layout: &Layout) -> Cells {
    if layout.buckets.native().is_some() {
        Cells::reached(layout.counts())
    } else {
        Cells::all(layout.counts())
    }
}
