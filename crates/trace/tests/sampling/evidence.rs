//! What can be told of slow and failed traces from the spans that were kept.
//!
//! - A **slow trace** lasts at least the exact P99 of its operation and minute (of 20 traces or more).
//! - Its **culprit** is the node with the largest excess of own time over that node's median.
//! - It is **attributed** if its root was kept and the culprit follows from the kept spans alone; a callee that was not
//!   kept is judged by its caller's client span, and charged with all that lies below it.
//! - A **cell** is an operation in five minutes with ten slow traces or more; it is right if the most frequent
//!   culprit of those that were kept is that of all.
//! - An **error** is kept if the spans of one failing process are.
//! - **Storage** is spans kept over spans made.

use std::fmt;

use crate::fleet::Fleet;
use crate::workload::{MINUTES, Operation, Workload};

/// Shares, all of them.
pub(crate) struct Figures {
    pub(crate) storage: f64,
    pub(crate) attribution: f64,
    pub(crate) cells: f64,
    pub(crate) errors: f64,
    /// Spans per second that were made.
    traffic: f64,
}

/// What is noted of the traces of one operation; a row for each trace.
#[derive(Default)]
struct Notes {
    minutes: Vec<usize>,
    kept: Vec<u16>,
    culprits: Vec<usize>,
    /// As many for a trace as the operation has nodes.
    inclusive: Vec<f64>,
    excess: Vec<f64>,
}

#[derive(Default)]
struct Sums {
    spans: usize,
    kept_spans: usize,
    errors: usize,
    kept_errors: usize,
    slow: usize,
    attributed: usize,
    cells: usize,
    right_cells: usize,
}

/// Plays the workload to the fleet, and weighs what it kept.
pub(crate) fn weigh(workload: &Workload, fleet: &Fleet) -> Figures {
    let mut sums = Sums::default();
    let mut notes: Vec<_> = workload.operations.iter().map(|_| Notes::default()).collect();
    workload.play(|trace| {
        let operation = &workload.operations[trace.operation];
        let kept = fleet.keep(operation, trace);
        let has = |index: usize| kept >> index & 1 == 1;
        for (index, node) in operation.nodes.iter().enumerate() {
            sums.spans += node.spans;
            sums.kept_spans += if has(index) { node.spans } else { 0 };
        }
        if trace.errors.contains(&true) {
            sums.errors += 1;
            sums.kept_errors +=
                usize::from(trace.errors.iter().enumerate().any(|(index, &error)| error && has(index)));
        }
        let notes = &mut notes[trace.operation];
        notes.minutes.push((trace.start / 60.0) as usize);
        notes.kept.push(kept);
        notes.culprits.push(greatest(trace.excess.iter().copied().enumerate()).unwrap());
        notes.inclusive.extend(&trace.inclusive);
        notes.excess.extend(&trace.excess);
    });
    for (operation, notes) in workload.operations.iter().zip(&notes) {
        notes.weigh(operation, &mut sums);
    }
    let share = |part, whole: usize| part as f64 / whole as f64;
    Figures {
        storage: share(sums.kept_spans, sums.spans),
        attribution: share(sums.attributed, sums.slow),
        cells: share(sums.right_cells, sums.cells),
        errors: share(sums.kept_errors, sums.errors),
        traffic: sums.spans as f64 / (60 * MINUTES) as f64,
    }
}

impl Notes {
    fn weigh(&self, operation: &Operation, sums: &mut Sums) {
        let nodes = operation.nodes.len();
        let medians: Vec<_> = (0..nodes)
            .map(|node| quantile(self.inclusive.iter().skip(node).step_by(nodes).copied().collect(), 0.5))
            .collect();
        let slow = self.slow(nodes);
        for cell in 0..MINUTES / 5 {
            let (mut all, mut seen) = (vec![0; nodes], vec![0; nodes]);
            for trace in slow.iter().copied().filter(|&trace| self.minutes[trace] / 5 == cell) {
                all[self.culprits[trace]] += 1;
                let is_root_kept = self.kept[trace] & 1 == 1;
                seen[self.culprits[trace]] += usize::from(is_root_kept);
                sums.slow += 1;
                let is_found =
                    is_root_kept && self.guess(trace, operation, &medians) == Some(self.culprits[trace]);
                sums.attributed += usize::from(is_found);
            }
            if all.iter().sum::<usize>() >= 10 {
                sums.cells += 1;
                let most = |counts: &[usize]| greatest(counts.iter().map(|&count| count as f64).enumerate());
                sums.right_cells +=
                    usize::from(seen.iter().any(|&count| count > 0) && most(&seen) == most(&all));
            }
        }
    }

    /// The slow traces.
    fn slow(&self, nodes: usize) -> Vec<usize> {
        let mut slow = Vec::new();
        for minute in 0..MINUTES {
            let traces: Vec<_> =
                (0..self.minutes.len()).filter(|&trace| self.minutes[trace] == minute).collect();
            if traces.len() >= 20 {
                let p99 = quantile(traces.iter().map(|trace| self.inclusive[trace * nodes]).collect(), 0.99);
                slow.extend(traces.into_iter().filter(|trace| self.inclusive[trace * nodes] >= p99));
            }
        }
        slow
    }

    /// The culprit as the kept spans show it.
    fn guess(&self, trace: usize, operation: &Operation, medians: &[f64]) -> Option<usize> {
        let has = |node: usize| self.kept[trace] >> node & 1 == 1;
        greatest(operation.nodes.iter().enumerate().filter_map(|(index, node)| {
            let row = trace * operation.nodes.len() + index;
            if has(index) {
                Some((index, self.excess[row]))
            } else {
                node.parent
                    .filter(|&parent| has(parent))
                    .map(|_| (index, self.inclusive[row] - medians[index]))
            }
        }))
    }
}

impl Figures {
    pub(crate) fn mean(rows: &[Self]) -> Self {
        let mean = |figure: fn(&Self) -> f64| rows.iter().map(figure).sum::<f64>() / rows.len() as f64;
        Self {
            storage: mean(|row| row.storage),
            attribution: mean(|row| row.attribution),
            cells: mean(|row| row.cells),
            errors: mean(|row| row.errors),
            traffic: mean(|row| row.traffic),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [storage, attribution, cells, errors] =
            [self.storage, self.attribution, self.cells, self.errors].map(|share| 100.0 * share);
        write!(f, "{storage:6.2}%  {attribution:10.2}%  {cells:5.2}%  {errors:5.1}%  {:9.0}", self.traffic)
    }
}

/// The first index of the greatest value.
fn greatest(values: impl Iterator<Item = (usize, f64)>) -> Option<usize> {
    values.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(index, _)| index)
}

/// The quantile, between the two values that are next to it.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    let place = share * (values.len() - 1) as f64;
    let (_, &mut low, above) = values.select_nth_unstable_by(place as usize, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    low + (high - low) * place.fract()
}
