//! The series of a family in the order of their labels.

use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, SystemTime};

use super::key::{Directory, Key};
use super::labels::{Labels, compare};
use super::place::Place;
use super::read::Read;

/// A scrape walks the rows sorted and need not sort.
pub(crate) struct Listed<L, M> {
    pub(crate) rows: Vec<Row<L, M>>,
    pub(crate) from_wire: usize,
    directory: OnceLock<Arc<Directory<L>>>,
}

/// One series.
pub(crate) struct Row<L, M> {
    key: Key<L>,
    pub(crate) instrument: Arc<M>,
    /// Nanoseconds after 1970: half the size of a `SystemTime`.
    created: u64,
    // Only where series expire.
    rest: Option<Box<Rest>>,
}

/// Since when a series looks the same.
struct Rest {
    place: Place,
    /// `None` until the first sweep.
    mark: Option<u64>,
    since: Duration,
}

/// Series by their labels, without a lock. The rows alone hold them: who comes to one that has expired a moment ago
/// finds it gone, and never records to what nobody reads.
pub(crate) type Index<L, M> = papaya::HashMap<Key<L>, Weak<M>, foldhash::fast::RandomState>;

impl<L: Labels, M> Listed<L, M> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), from_wire: 0, directory: OnceLock::new() }
    }

    /// The instrument of the series with these visible labels, or where it would stand.
    pub(crate) fn find(&self, labels: &L) -> Result<Arc<M>, usize> {
        let at = self.rows.binary_search_by(|row| compare(row.key.labels(), labels))?;
        self.rows.get(at).map(|row| Arc::clone(&row.instrument)).ok_or(at)
    }

    pub(crate) fn insert(&mut self, at: usize, row: Row<L, M>, place: Place) {
        self.from_wire += usize::from(place == Place::Wire);
        self.directory.take();
        if self.rows.len() == self.rows.capacity() {
            // Rows are moved at each insertion anyway: to double the room would only waste it.
            self.rows.reserve_exact(self.rows.len() / 8 + 4);
        }
        self.rows.insert(at, row);
    }

    /// The labels of the rows, the same until a row comes or goes.
    pub(crate) fn directory(&self) -> Arc<Directory<L>> {
        let keys = || self.rows.iter().map(|row| row.key.clone()).collect();
        Arc::clone(self.directory.get_or_init(|| Arc::new(Directory::new(keys()))))
    }
}

impl<L: Labels, M: Read> Listed<L, M> {
    /// Lets go what has rested for so long and nobody holds.
    pub(crate) fn sweep(&mut self, now: Duration, after: Duration, index: &Index<L, M>) {
        let rows = std::mem::take(&mut self.rows);
        let before = rows.len();
        for mut row in rows {
            let mark = row.instrument.mark();
            let rest = row.rest.get_or_insert_with(|| Box::new(Rest::in_place(Place::Known)));
            if rest.mark != Some(mark) {
                (rest.mark, rest.since) = (Some(mark), now);
            }
            if now.saturating_sub(rest.since) < after {
                self.rows.push(row);
                continue;
            }
            let wire = rest.place == Place::Wire;
            match Arc::try_unwrap(row.instrument) {
                Err(instrument) => self.rows.push(Row { instrument, ..row }),
                // Recorded to by somebody who held it a moment ago.
                Ok(alone) if alone.mark() != mark => {
                    let instrument = Arc::new(alone);
                    index.pin().insert(row.key.clone(), Arc::downgrade(&instrument));
                    self.rows.push(Row { instrument, ..row });
                }
                Ok(_) => {
                    index.pin().remove(&row.key);
                    self.from_wire -= usize::from(wire);
                }
            }
        }
        if self.rows.len() != before {
            self.directory.take();
        }
    }
}

impl<L, M> Row<L, M> {
    pub(crate) fn new(key: Key<L>, instrument: Arc<M>, created: SystemTime) -> Self {
        let created = created.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        Self { key, instrument, created: u64::try_from(created).unwrap_or(u64::MAX), rest: None }
    }

    /// A row that may expire.
    pub(crate) fn expiring(self, place: Place) -> Self {
        Self { rest: Some(Box::new(Rest::in_place(place))), ..self }
    }

    pub(crate) fn created(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_nanos(self.created)
    }
}

impl Rest {
    fn in_place(place: Place) -> Self {
        Self { place, mark: None, since: Duration::ZERO }
    }
}
