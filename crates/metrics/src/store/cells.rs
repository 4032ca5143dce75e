//! The counts of one histogram, or of one thread's copy of it.

use super::line::{COUNTS, Line};
use super::sync::{AtomicU64, OnceLock, Ordering::Relaxed};

/// A sum and counts by number.
#[derive(Debug)]
pub(crate) struct Cells {
    lines: Lines,
}

#[derive(Debug)]
enum Lines {
    /// As many as the usual bounds need.
    One(Box<Line>),
    /// All there from the start.
    All(Box<[Line]>),
    /// Each made when it is first counted in: of the exponential buckets few are ever reached.
    Reached(Box<[OnceLock<Box<Line>>]>),
}

impl Cells {
    /// As many counts, in one piece.
    pub(crate) fn all(counts: usize) -> Self {
        Self {
            lines: match lines(counts) {
                1 => Lines::One(Box::new(Line::new())),
                lines => Lines::All((0..lines).map(|_| Line::new()).collect()),
            },
        }
    }

    /// As many counts, made as they are reached.
    pub(crate) fn reached(counts: usize) -> Self {
        Self { lines: Lines::Reached((0..lines(counts)).map(|_| OnceLock::new()).collect()) }
    }

    /// A count, and the sum.
    ///
    /// The sum shares the first line with the first counts: a recording most often touches one line.
    pub(crate) fn pair(&self, count: usize) -> Option<(&AtomicU64, &AtomicU64)> {
        let Lines::Reached(lines) = &self.lines else { return self.quick_pair(count) };
        let line = |at: usize| lines.get(at).map(|line| line.get_or_init(|| Box::new(Line::new())));
        Some((line((count + 1) / COUNTS)?.get((count + 1) % COUNTS)?, line(0)?.get(0)?))
    }

    /// The same, if all are there from the start.
    #[inline]
    pub(crate) fn quick_pair(&self, count: usize) -> Option<(&AtomicU64, &AtomicU64)> {
        match &self.lines {
            Lines::One(line) => Some((line.get(count + 1)?, line.get(0)?)),
            Lines::All(lines) => {
                let sum = lines.first()?.get(0)?;
                Some((lines.get((count + 1) / COUNTS)?.get((count + 1) % COUNTS)?, sum))
            }
            Lines::Reached(_) => None,
        }
    }

    /// The sum, unless nothing was recorded.
    pub(crate) fn sum(&self) -> Option<&AtomicU64> {
        match &self.lines {
            Lines::One(line) => line.get(0),
            Lines::All(lines) => lines.first()?.get(0),
            Lines::Reached(lines) => lines.first()?.get()?.get(0),
        }
    }

    /// Adds the counts to these, if all are there from the start.
    pub(crate) fn add_to(&self, counts: &mut [u64]) {
        let mut rest = counts;
        // The first cell is the sum.
        let mut skipped = 1;
        for line in self.made() {
            let cells = line.counts().get(skipped..).unwrap_or_default();
            let Some((part, beyond)) = rest.split_at_mut_checked(cells.len().min(rest.len())) else { return };
            for (count, cell) in part.iter_mut().zip(cells) {
                *count += cell.load(Relaxed);
            }
            (rest, skipped) = (beyond, 0);
        }
    }

    /// The counts that there are, with their numbers.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (usize, &AtomicU64)> {
        let reached: &[_] = match &self.lines {
            Lines::Reached(lines) => lines,
            Lines::One(_) | Lines::All(_) => &[],
        };
        let reached = reached.iter().enumerate().filter_map(|(at, line)| Some((at, &**line.get()?)));
        (self.made().iter().enumerate().chain(reached))
            .flat_map(|(at, line)| {
                line.counts().iter().enumerate().map(move |(cell, count)| (at * COUNTS + cell, count))
            })
            .filter_map(|(cell, count)| Some((cell.checked_sub(1)?, count)))
    }

    fn made(&self) -> &[Line] {
        match &self.lines {
            Lines::One(line) => std::slice::from_ref(&**line),
            Lines::All(lines) => lines,
            Lines::Reached(_) => &[],
        }
    }
}

fn lines(counts: usize) -> usize {
    (counts + 1).div_ceil(COUNTS)
}
