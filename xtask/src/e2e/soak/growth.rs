//! What a run's looks come to: a calm time before the rush, and two after it.
//!
//! What a rush leaves behind is not growth: a heap that an allocator keeps, connections that a pool of clients holds, series
//! of answers that were not given before. What goes on to grow when it is calm again is.

use std::fmt;

use super::look::Look;
use crate::Result;

const MIB: f64 = 1024.0 * 1024.0;
/// More than this from one calm time to the next is a leak: in ten minutes, that of 150 bytes in each exchange.
const MEMORY: f64 = 4.0 * MIB;
/// With the rush, and with whatever it leaves.
const MOST: f64 = 128.0 * MIB;
/// Series that are made late: rare endings of rare routes.
const SERIES: f64 = 0.02;
/// Exchanges that are open by chance.
const TASKS: f64 = 100.0;
/// Spans that wait, and the batch that is on its way.
const WAITING: f64 = 2_048.0 + 512.0;

/// The sixth before the rush, the one after it, and the last.
#[derive(Debug)]
pub(super) struct Growth {
    before: Look,
    after: Look,
    end: Look,
    peak: Look,
    last: Look,
}

impl Growth {
    /// Sums the looks of a run up.
    ///
    /// # Errors
    ///
    /// There are too few looks.
    pub(super) fn of(looks: &[Look]) -> Result<Self> {
        let sixth = looks.len() / 6;
        let part = |from: usize| looks.get(from..from + sixth).filter(|part| !part.is_empty());
        let rest = looks.len() - 2 * sixth;
        let (Some(before), Some(after), Some(end), Some(last)) =
            (part(sixth), part(rest), part(rest + sixth), looks.last())
        else {
            return Err(format!("{} looks are too few", looks.len()).into());
        };
        let peak = |of: fn(&Look) -> f64| looks.iter().map(of).fold(0.0, f64::max);
        let peak = Look {
            memory: peak(|look| look.memory),
            series: peak(|look| look.series),
            tasks: peak(|look| look.tasks),
            files: peak(|look| look.files),
            waiting: peak(|look| look.waiting),
            ..Look::default()
        };
        Ok(Self { before: middle(before), after: middle(after), end: middle(end), peak, last: *last })
    }

    /// # Errors
    ///
    /// What grew, and what was lost without a count.
    pub(super) fn verdict(&self) -> Result {
        let Self { before: _, after, end, peak, last } = self;
        let mut wrong = Vec::new();
        let mut bound = |what: &str, value: f64, most: f64| {
            if value > most {
                wrong.push(format!("{what}: {value:.1}, at most {most:.1} are expected"));
            }
        };
        bound("bytes of memory at the end", end.memory, after.memory + MEMORY);
        bound("bytes of memory at most", peak.memory, MOST);
        bound("series at the end", end.series, after.series * (1.0 + SERIES));
        bound("tasks at the end", end.tasks, after.tasks + TASKS);
        bound("files at the end", end.files, after.files + TASKS);
        bound("spans that wait", peak.waiting, WAITING);
        // Both are read from one page, but not at one moment.
        let known = last.exported + last.dropped + last.waiting;
        bound("spans of which nobody knows", (last.finished - known).abs(), WAITING);
        bound("lost lines", last.lost, 0.0);
        if last.shed == 0.0 {
            wrong.push("nothing was turned away: there was no rush".to_owned());
        }
        if last.dropped == 0.0 {
            wrong.push("no span was dropped: the collector was there".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { before, after, end, peak, last } = self;
        writeln!(f, "{:10} {:>9} {:>9} {:>9} {:>9}", "", "before", "after", "end", "peak")?;
        let mut row = |what: &str, of: fn(&Look) -> f64| {
            writeln!(f, "{what:10} {:9.1} {:9.1} {:9.1} {:9.1}", of(before), of(after), of(end), of(peak))
        };
        row("MiB", |look| look.memory / MIB)?;
        row("series", |look| look.series)?;
        row("tasks", |look| look.tasks)?;
        row("files", |look| look.files)?;
        row("spans wait", |look| look.waiting)?;
        let Look { finished, exported, dropped, lost, shed, .. } = last;
        write!(
            f,
            "spans: {finished} finished, {exported} exported, {dropped} counted as dropped; log lines lost: {lost}; \
             requests turned away: {shed}"
        )
    }
}

/// The middle of each figure.
fn middle(looks: &[Look]) -> Look {
    let of = |figure: fn(&Look) -> f64| {
        let mut figures: Vec<_> = looks.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    Look {
        memory: of(|look| look.memory),
        series: of(|look| look.series),
        tasks: of(|look| look.tasks),
        files: of(|look| look.files),
        waiting: of(|look| look.waiting),
        ..Look::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn looks(memory: impl Fn(f64) -> f64) -> Vec<Look> {
        let look = |second: u32| {
            let memory = memory(f64::from(second));
            Look {
                memory,
                series: 900.0,
                tasks: 40.0,
                shed: 1.0,
                dropped: 5.0,
                finished: 5.0,
                ..Look::default()
            }
        };
        (0..60).map(look).collect()
    }

    #[test]
    fn a_rush_that_passes_is_no_growth() {
        let rush = |second: f64| match second {
            ..20.0 => 25.0 * MIB,
            ..40.0 => 100.0 * MIB,
            _ => 60.0 * MIB,
        };
        let growth = Growth::of(&looks(rush)).unwrap();
        assert!(growth.verdict().is_ok(), "{growth}");
        assert_eq!(
            [growth.before, growth.end, growth.peak].map(|look| look.memory / MIB),
            [25.0, 60.0, 100.0]
        );
    }

    #[test]
    fn a_leak_is_growth() {
        let error = Growth::of(&looks(|second| second * MIB)).unwrap().verdict().unwrap_err().to_string();
        assert!(error.starts_with("bytes of memory at the end"), "{error}");
    }

    #[test]
    fn a_span_of_which_nobody_knows_is_found() {
        let mut looks = looks(|_| MIB);
        looks.iter_mut().for_each(|look| look.finished = 10_000.0);
        assert!(Growth::of(&looks).unwrap().verdict().is_err());
        assert!(Growth::of(&[]).is_err());
    }
}
