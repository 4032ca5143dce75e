//! What histograms of durations and of whole numbers have in common.

use std::sync::Arc;

use tower_telemetry_core::TraceIds;

use super::annex::Annex;
use super::cells::Cells;
use super::family_snapshot::FamilySnapshot;
use super::histogram_point::{HistogramLists, HistogramPoint, NativePoint, Run};
use super::layout::Layout;
use super::measure::Measure;
use super::native_value::ZERO_THRESHOLD;
use super::sync::{AtomicU64, Ordering::Relaxed};

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

    /// Counts one recording of a whole number of steps.
    #[inline]
    pub(crate) fn record(&self, steps: u64) {
        if self.annex.is_empty() {
            self.record_to(&self.first, steps);
        } else {
            self.record_to_mine(steps);
        }
    }

    /// Apart, so that where there is no choice nothing waits for it.
    #[inline(never)]
    fn record_to_mine(&self, steps: u64) {
        self.record_to(self.annex.mine().unwrap_or(&self.first), steps);
    }

    #[inline]
    fn record_to(&self, cells: &Cells, steps: u64) {
        match self.layout.quick_count_of(steps).and_then(|count| cells.quick_pair(count)) {
            Some(pair) => self.record_in(pair, steps),
            None => self.record_at_leisure(cells, steps),
        }
    }

    /// Apart, as all that is called from there: most recordings need no stack.
    #[inline(never)]
    fn record_at_leisure(&self, cells: &Cells, steps: u64) {
        // Always there: there is a count for each answer of the layout.
        if let Some(pair) = cells.pair(self.layout.count_of(steps)) {
            self.record_in(pair, steps);
        }
    }

    #[inline]
    fn record_in(&self, (count, sum): (&AtomicU64, &AtomicU64), steps: u64) {
        count.fetch_add(1, Relaxed);
        // An exchange fails where another thread recorded meanwhile, which an addition would not tell.
        let before = sum.load(Relaxed);
        if sum.compare_exchange(before, before.wrapping_add(steps), Relaxed, Relaxed).is_err() {
            self.add_crowded(sum, steps);
        }
    }

    /// Counts one recording of a float, which is not negative.
    #[inline]
    pub(crate) fn record_float(&self, number: f64) {
        let cells = self.annex.mine().unwrap_or(&self.first);
        let Some((count, sum)) = cells.pair(self.layout.count_of(Measure::float_steps(number))) else {
            return;
        };
        count.fetch_add(1, Relaxed);
        let mut before = sum.load(Relaxed);
        let mut is_crowded = false;
        let added = |sum: u64| (f64::from_bits(sum) + number).to_bits();
        while let Err(now) = sum.compare_exchange_weak(before, added(before), Relaxed, Relaxed) {
            // It may also have failed for no reason.
            is_crowded |= now != before;
            before = now;
        }
        if is_crowded {
            self.annex.met(|| empty(&self.layout));
        }
    }

    /// Counts one recording, and offers it as the exemplar of its bucket if its trace is sampled.
    #[inline]
    pub(crate) fn record_with(&self, steps: u64, ids: Option<&TraceIds>) {
        self.record(steps);
        self.offer(steps, ids);
    }

    /// Offers a recording as the exemplar of its bucket if its trace is sampled.
    #[inline]
    pub(crate) fn offer(&self, steps: u64, ids: Option<&TraceIds>) {
        if let Some(ids) = ids.filter(|ids| ids.flags.is_sampled()) {
            let layout = &self.layout;
            self.annex.offer(layout.shown(), layout.bucket(steps), ids, steps, &layout.clock);
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.copies().flat_map(Cells::counts).map(|(_, count)| count.load(Relaxed)).sum()
    }

    /// The sum in the unit of the family. That of whole steps wraps.
    pub(crate) fn sum(&self) -> f64 {
        let sums = self.copies().filter_map(Cells::sum).map(|sum| sum.load(Relaxed));
        match self.layout.measure {
            Measure::Float => sums.map(f64::from_bits).sum(),
            measure => measure.tell(sums.fold(0, u64::wrapping_add)),
        }
    }

    pub(crate) fn read(&self, family: &mut FamilySnapshot) {
        let sum = self.sum();
        family.push_histogram(|lists| {
            let start = lists.buckets.len();
            let shown = start..start + self.layout.shown();
            let native = self.read_counts(lists, start);
            let exemplars_from = lists.exemplars.len();
            lists.exemplars.extend(self.annex.exemplars(self.layout.measure));
            HistogramPoint { buckets: shown, exemplars: exemplars_from..lists.exemplars.len(), native, sum }
        });
    }

    #[cold]
    #[inline(never)]
    fn add_crowded(&self, sum: &AtomicU64, steps: u64) {
        sum.fetch_add(steps, Relaxed);
        self.annex.met(|| empty(&self.layout));
    }

    /// Appends the counts to the buckets, from `start` on, and the exponential ones behind them.
    fn read_counts(&self, lists: &mut HistogramLists, start: usize) -> Option<usize> {
        let HistogramLists { buckets, natives, .. } = lists;
        let shown = self.layout.shown();
        buckets.resize(start + shown, 0);
        let Some(native) = self.layout.buckets.native() else {
            let own = buckets.get_mut(start..).unwrap_or_default();
            self.copies().for_each(|copy| copy.add_to(own));
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
        natives.push(NativePoint {
            schema,
            zero_threshold: ZERO_THRESHOLD,
            zero_count,
            positive: Run { offset, counts: from..buckets.len() },
            negative: Run::default(),
        });
        Some(natives.len() - 1)
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
