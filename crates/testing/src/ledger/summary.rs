use std::collections::BTreeMap;
use std::fmt;

use tower_telemetry_core::{Ending, Verdict};

use crate::ledger::Source;

/// What stands in a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// Exchanges that began, as the ledger saw them as a signal.
    pub started: u64,
    /// Exchanges that ended.
    pub ended: u64,
    /// Exchanges that ended without trace ids: of these, nothing can be compared.
    pub without_ids: u64,
    /// Exchanges of which some expected source has not spoken yet.
    pub open: u64,
    /// Exchanges of which all expected sources have spoken.
    pub complete: u64,
    /// Exchanges that were closed before all expected sources had spoken.
    pub incomplete: u64,
    /// Fields of which two sources said different things, and sources that spoke twice.
    pub disagreements: u64,
    /// The first of these, at most ten, as sentences.
    pub first_disagreements: Vec<String>,
    /// How many exchanges were closed without a word of this source.
    pub missing: BTreeMap<Source, u64>,
    /// Endings that were told, by verdict, in the order of [`Verdict::ALL`].
    pub by_verdict: [u64; Verdict::ALL.len()],
    /// Endings that were told, in the order of [`Ending::ALL`].
    pub by_ending: [u64; Ending::ALL.len()],
}

impl Summary {
    /// Exchanges that began and have not ended.
    #[must_use]
    pub const fn in_flight(&self) -> u64 {
        self.started.saturating_sub(self.ended)
    }

    /// How many endings had this verdict.
    #[must_use]
    pub fn with_verdict(&self, verdict: Verdict) -> u64 {
        count(&Verdict::ALL, &self.by_verdict, verdict)
    }

    /// How many exchanges ended so.
    #[must_use]
    pub fn with_ending(&self, ending: Ending) -> u64 {
        count(&Ending::ALL, &self.by_ending, ending)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} exchanges started, {} ended (", self.started, self.ended)?;
        for (i, (ending, count)) in Ending::ALL.iter().zip(self.by_ending).enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{count} {}", ending.as_str())?;
        }
        writeln!(f, ")")?;
        write!(f, "{} compared, {} open, {} incomplete", self.complete, self.open, self.incomplete)?;
        for (source, count) in &self.missing {
            write!(f, ", {count} without a word of the {source}")?;
        }
        write!(f, "\n{} disagreements", self.disagreements)?;
        self.first_disagreements.iter().try_for_each(|sentence| write!(f, "\n- {sentence}"))
    }
}

pub(crate) fn count<T: PartialEq, const K: usize>(all: &[T; K], counts: &[u64; K], of: T) -> u64 {
    all.iter().zip(counts).find(|(one, _)| **one == of).map_or(0, |(_, count)| *count)
}

pub(crate) fn add<T: PartialEq, const K: usize>(all: &[T; K], counts: &mut [u64; K], of: T) {
    if let Some((_, count)) = all.iter().zip(counts).find(|(one, _)| **one == of) {
        *count += 1;
    }
}
