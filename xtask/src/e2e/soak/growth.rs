//! What a run's looks come to: a calm time before the rush beside a calm time after it.

use std::fmt;

use super::look::Look;
use crate::Result;

const MIB: f64 = 1024.0 * 1024.0;
/// More memory than this after the rush is a leak: a leak of 100 bytes in each exchange of ten minutes is more.
const MEMORY: f64 = 16.0 * MIB;
/// Series that are made late: rare endings of rare routes.
const SERIES: f64 = 0.05;
/// Exchanges that are open by chance.
const TASKS: f64 = 200.0;
/// Spans that wait, and the batch that is on its way.
const WAITING: f64 = 2_048.0 + 512.0;

/// Before and after.
#[derive(Debug)]
pub(super) struct Growth {
    before: Look,
    after: Look,
    peak: Look,
    last: Look,
}

impl Growth {
    /// Compares the sixth before the rush with the last sixth.
    ///
    /// # Errors
    ///
    /// There are too few looks.
    pub(super) fn of(looks: &[Look]) -> Result<Self> {
        let sixth = looks.len() / 6;
        let part = |from: usize| looks.get(from..from + sixth).filter(|part| !part.is_empty());
        let (Some(before), Some(after), Some(last)) = (part(sixth), part(looks.len() - sixth), looks.last())
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
        Ok(Self { before: middle(before), after: middle(after), peak, last: *last })
    }

    /// # Errors
    ///
    /// What grew, and what was lost without a count.
    pub(super) fn verdict(&self) -> Result {
        let Self { before, after, peak, last } = self;
        let mut wrong = Vec::new();
        let mut bound = |what: &str, value: f64, most: f64| {
            if value > most {
                wrong.push(format!("{what}: {value:.1}, at most {most:.1} are expected"));
            }
        };
        bound("bytes of memory after the rush", after.memory, before.memory + MEMORY);
        bound("series after the rush", after.series, before.series * (1.0 + SERIES));
        bound("tasks after the rush", after.tasks, before.tasks + TASKS);
        bound("files after the rush", after.files, before.files + TASKS);
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
        let Self { before, after, peak, last } = self;
        writeln!(f, "{:10} {:>9} {:>9} {:>9}", "", "before", "after", "peak")?;
        let mut row = |what: &str, of: fn(&Look) -> f64| {
            writeln!(f, "{what:10} {:9.1} {:9.1} {:9.1}", of(before), of(after), of(peak))
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
        let rush = |second: f64| if (20.0..40.0).contains(&second) { 200.0 * MIB } else { 30.0 * MIB };
        let growth = Growth::of(&looks(rush)).unwrap();
        assert!(growth.verdict().is_ok(), "{growth}");
        assert_eq!(growth.peak.memory, 200.0 * MIB);
    }

    #[test]
    fn a_leak_is_growth() {
        let error = Growth::of(&looks(|second| second * MIB)).unwrap().verdict().unwrap_err().to_string();
        assert!(error.starts_with("bytes of memory after the rush"), "{error}");
    }

    #[test]
    fn a_span_of_which_nobody_knows_is_found() {
        let mut looks = looks(|_| MIB);
        looks.iter_mut().for_each(|look| look.finished = 10_000.0);
        assert!(Growth::of(&looks).unwrap().verdict().is_err());
        assert!(Growth::of(&[]).is_err());
    }
}
