//! The counts of one histogram, or of one thread's copy of it.

use super::line::{COUNTS, Line};
use super::sync::{AtomicU64, OnceLock};

/// A sum and counts by number.
#[derive(Debug)]
pub(crate) struct Cells {
    lines: Lines,
}

#[derive(Debug)]
enum Lines {
    /// All there from the start.
    All(Box<[Line]>),
    /// Each made when it is first counted in: of the exponential buckets few are ever reached.
    Reached(Box<[OnceLock<Box<Line>>]>),
}

impl Cells {
    /// As many counts, in one piece.
    pub(crate) fn all(counts: usize) -> Self {
        Self { lines: Lines::All((0..lines(counts)).map(|_| Line::new()).collect()) }
    }

    /// As many counts, made as they are reached.
    pub(crate) fn reached(counts: usize) -> Self {
        Self { lines: Lines::Reached((0..lines(counts)).map(|_| OnceLock::new()).collect()) }
    }

    /// A count, and the sum.
    ///
    /// The sum shares the first line with the first counts: a recording most often touches one line.
    #[inline]
    pub(crate) fn pair(&self, count: usize) -> Option<(&AtomicU64, &AtomicU64)> {
        match &self.lines {
            Lines::All(lines) => {
                let sum = lines.first()?.get(0)?;
                Some((lines.get((count + 1) / COUNTS)?.get((count + 1) % COUNTS)?, sum))
            }
            Lines::Reached(lines) => reach(lines, count),
        }
    }

    /// The sum, unless nothing was recorded.
    pub(crate) fn sum(&self) -> Option<&AtomicU64> {
        match &self.lines {
            Lines::All(lines) => lines.first()?.get(0),
            Lines::Reached(lines) => lines.first()?.get()?.get(0),
        }
    }

    /// The counts that there are, in one piece where they were made so.
    pub(crate) fn whole(&self) -> Option<impl Iterator<Item = &AtomicU64>> {
        match &self.lines {
            Lines::All(lines) => Some(lines.iter().flat_map(Line::counts).skip(1)),
            Lines::Reached(_) => None,
        }
    }

    /// The counts that there are, with their numbers.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (usize, &AtomicU64)> {
        let (all, reached) = match &self.lines {
            Lines::All(lines) => (Some(lines), None),
            Lines::Reached(lines) => (None, Some(lines)),
        };
        let all = all.into_iter().flatten().enumerate();
        let reached = reached.into_iter().flatten().enumerate();
        all.chain(reached.filter_map(|(at, line)| Some((at, &**line.get()?))))
            .flat_map(|(at, line)| {
                line.counts().enumerate().map(move |(cell, count)| (at * COUNTS + cell, count))
            })
            .filter_map(|(cell, count)| Some((cell.checked_sub(1)?, count)))
    }
}

#[inline(never)]
fn reach(lines: &[OnceLock<Box<Line>>], count: usize) -> Option<(&AtomicU64, &AtomicU64)> {
    let line = |at: usize| lines.get(at).map(|line| line.get_or_init(|| Box::new(Line::new())));
    Some((line((count + 1) / COUNTS)?.get((count + 1) % COUNTS)?, line(0)?.get(0)?))
}

fn lines(counts: usize) -> usize {
    (counts + 1).div_ceil(COUNTS)
}
