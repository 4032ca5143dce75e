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

    #[inline]
    pub(crate) fn sum(&self) -> Option<&AtomicU64> {
        self.cell(0)
    }

    #[inline]
    pub(crate) fn count(&self, count: usize) -> Option<&AtomicU64> {
        self.cell(count + 1)
    }

    /// The counts that there are, with their numbers.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (usize, &AtomicU64)> {
        let lines: Box<dyn Iterator<Item = (usize, &Line)>> = match &self.lines {
            Lines::All(lines) => Box::new(lines.iter().enumerate()),
            Lines::Reached(lines) => Box::new(
                lines.iter().enumerate().filter_map(|(at, line)| line.get().map(|line| (at, &**line))),
            ),
        };
        lines
            .flat_map(|(at, line)| {
                line.counts().enumerate().map(move |(cell, count)| (at * COUNTS + cell, count))
            })
            .skip_while(|(cell, _)| *cell == 0)
            .map(|(cell, count)| (cell - 1, count))
    }

    // The sum shares the first line with the first counts: a recording most often touches one line.
    #[inline]
    fn cell(&self, cell: usize) -> Option<&AtomicU64> {
        let line = match &self.lines {
            Lines::All(lines) => lines.get(cell / COUNTS)?,
            Lines::Reached(lines) => lines.get(cell / COUNTS)?.get_or_init(|| Box::new(Line::new())),
        };
        line.get(cell % COUNTS)
    }
}

fn lines(counts: usize) -> usize {
    (counts + 1).div_ceil(COUNTS)
}
