//! The series of a family in the order of their labels.

use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use super::key::Key;
use super::labels::{Labels, compare};
use super::place::Place;
use super::read::Read;

/// A scrape walks the rows sorted and need not sort.
pub(crate) struct Listed<L, M> {
    pub(crate) rows: Vec<Row<L, M>>,
    pub(crate) from_wire: usize,
}

/// One series.
pub(crate) struct Row<L, M> {
    pub(crate) key: Key<L>,
    pub(crate) instrument: Arc<M>,
    pub(crate) created: SystemTime,
    pub(crate) place: Place,
    // Boxed: most families let nothing expire.
    rest: Option<Box<Rest>>,
}

/// Since when a series looks the same.
struct Rest {
    mark: u64,
    since: Duration,
}

/// Series by their labels, without a lock.
pub(crate) type Index<L, M> = papaya::HashMap<Key<L>, Held<M>, foldhash::fast::RandomState>;

/// How the index of a family refers to a series.
pub(crate) enum Held<M> {
    /// For good.
    Strong(Arc<M>),
    /// Until it expires: then the row is the only one to hold it, and who comes a moment later finds it gone.
    Weak(Weak<M>),
}

impl<L: Labels, M> Listed<L, M> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), from_wire: 0 }
    }

    /// The instrument of the series with these visible labels, or where it would stand.
    pub(crate) fn find(&self, labels: &L) -> Result<Arc<M>, usize> {
        let at = self.rows.binary_search_by(|row| compare(row.key.labels(), labels))?;
        self.rows.get(at).map(|row| Arc::clone(&row.instrument)).ok_or(at)
    }

    pub(crate) fn insert(&mut self, at: usize, row: Row<L, M>) {
        self.from_wire += usize::from(row.place == Place::Wire);
        self.rows.insert(at, row);
    }
}

impl<L: Labels, M: Read> Listed<L, M> {
    /// Lets go what has rested for so long and nobody holds.
    ///
    /// A reader of the index may take a handle until the row is taken apart, and nobody after that: nothing is
    /// recorded to a series that is gone.
    pub(crate) fn sweep(&mut self, now: Duration, after: Duration, index: &Index<L, M>) {
        for row in std::mem::take(&mut self.rows) {
            let Row { key, instrument, created, place, rest } = row;
            let mark = instrument.mark();
            let rest =
                rest.filter(|rest| rest.mark == mark).unwrap_or_else(|| Box::new(Rest { mark, since: now }));
            let rested = now.saturating_sub(rest.since) >= after;
            let keep = |instrument| {
                self.rows.push(Row { key: key.clone(), instrument, created, place, rest: Some(rest) });
            };
            if !rested {
                keep(instrument);
                continue;
            }
            match Arc::try_unwrap(instrument) {
                Err(held) => keep(held),
                // Recorded to by somebody who held it a moment ago.
                Ok(alone) if alone.mark() != mark => {
                    let instrument = Arc::new(alone);
                    index.pin().insert(key.clone(), Held::Weak(Arc::downgrade(&instrument)));
                    keep(instrument);
                }
                Ok(_) => {
                    index.pin().remove(&key);
                    self.from_wire -= usize::from(place == Place::Wire);
                }
            }
        }
    }
}

impl<L, M> Row<L, M> {
    pub(crate) fn new(key: Key<L>, instrument: Arc<M>, created: SystemTime, place: Place) -> Self {
        Self { key, instrument, created, place, rest: None }
    }
}

impl<M> Held<M> {
    #[inline]
    pub(crate) fn get(&self) -> Option<Arc<M>> {
        match self {
            Self::Strong(instrument) => Some(Arc::clone(instrument)),
            Self::Weak(instrument) => instrument.upgrade(),
        }
    }
}
