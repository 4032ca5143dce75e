//! The labels of the series of a snapshot, written out when somebody asks.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::label::{Label, LabelText};

/// The keys of a family whose type only its owner knows, in the order of its series.
pub(crate) trait Named: Send + Sync {
    fn len(&self) -> usize;

    /// Appends the labels of a row that a reader sees.
    fn push_labels(&self, row: usize, labels: &mut Vec<Label>);

    /// The labels as the text formats write them, once somebody has written them.
    fn texts(&self) -> &OnceLock<Texts>;
}

/// A row of labels for each series: first those of the keys, then those told one by one.
///
/// Keys are shared with the family and not copied: a page of text needs only the texts that are kept with them.
#[derive(Clone, Default)]
pub(crate) struct LabelTable {
    keys: Option<Arc<dyn Named>>,
    labels: OnceLock<Lists<Label>>,
    told: Vec<Label>,
    rows: Vec<Range<usize>>,
}

/// The texts of all rows of a family.
#[derive(Debug)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<u32>,
}

/// The labels of all keys.
#[derive(Clone)]
struct Lists<T> {
    all: Vec<T>,
    ends: Vec<usize>,
}

impl LabelTable {
    /// Gives the first rows their labels. Returns how many these are.
    pub(crate) fn set_keys(&mut self, keys: Arc<dyn Named>) -> usize {
        self.keys.insert(keys).len()
    }

    /// Adds a label to the row that [`close`](Self::close) ends.
    pub(crate) fn push_label(&mut self, name: Cow<'static, str>, value: LabelText) {
        self.told.push(Label { name, value });
    }

    /// Ends a row of labels that were told one by one. Returns its number.
    pub(crate) fn close(&mut self) -> usize {
        let start = self.rows.last().map_or(0, |row| row.end);
        self.rows.push(start..self.told.len());
        self.keyed() + self.rows.len() - 1
    }

    /// The number of rows that keys have.
    pub(crate) fn keyed(&self) -> usize {
        self.keys.as_ref().map_or(0, |keys| keys.len())
    }

    pub(crate) fn labels(&self, row: usize) -> &[Label] {
        match (&self.keys, row.checked_sub(self.keyed())) {
            (Some(keys), None) => self.labels.get_or_init(|| write(&**keys)).row(row),
            (_, told) => {
                let row = told.and_then(|told| self.rows.get(told)).cloned().unwrap_or_default();
                self.told.get(row).unwrap_or_default()
            }
        }
    }

    /// The labels of a row, in this list unless they lie in one already.
    pub(crate) fn lend<'a>(&'a self, row: usize, list: &'a mut Vec<Label>) -> &'a [Label] {
        match &self.keys {
            Some(keys) if row < keys.len() && self.labels.get().is_none() => {
                list.clear();
                keys.push_labels(row, list);
                list
            }
            _ => self.labels(row),
        }
    }

    /// The texts of the labels of all keys, by `write` where they were not written before; `None` if there are none.
    pub(crate) fn texts(&self, mut write: impl FnMut(&[Label]) -> String) -> Option<&Texts> {
        let keys = self.keys.as_ref()?;
        Some(keys.texts().get_or_init(|| {
            let mut list = Vec::new();
            let mut texts = Texts { text: String::new(), ends: Vec::with_capacity(keys.len()) };
            for row in 0..keys.len() {
                texts.text.push_str(&write(self.lend(row, &mut list)));
                texts.ends.push(texts.text.len() as u32);
            }
            texts.text.shrink_to_fit();
            texts
        }))
    }
}

impl Texts {
    /// That of a row; `None` beyond the keys, and where the ends are not known: of four gigabytes of labels.
    pub(crate) fn row(&self, row: usize) -> Option<&str> {
        u32::try_from(self.text.len()).ok()?;
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..*self.ends.get(row)? as usize)
    }
}

impl<T> Lists<T> {
    fn row(&self, row: usize) -> &[T] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.all.get(start..end).unwrap_or_default()
    }
}

fn write(keys: &dyn Named) -> Lists<Label> {
    let mut lists = Lists { all: Vec::new(), ends: Vec::with_capacity(keys.len()) };
    for row in 0..keys.len() {
        keys.push_labels(row, &mut lists.all);
        lists.ends.push(lists.all.len());
    }
    lists
}

/// What was written already makes no difference.
impl PartialEq for LabelTable {
    fn eq(&self, other: &Self) -> bool {
        let rows = |table: &Self| table.keyed() + table.rows.len();
        rows(self) == rows(other) && (0..rows(self)).all(|row| self.labels(row) == other.labels(row))
    }
}

impl fmt::Debug for LabelTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.keyed() + self.rows.len();
        f.debug_list().entries((0..rows).map(|row| self.labels(row))).finish()
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use crate::store::{Descriptor, Label, LabelValue, Labels, Place, Snapshot, Store};

    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Worker(u16);

    impl Labels for Worker {
        const NAMES: &'static [&'static str] = &["worker"];

        fn value(&self, _: usize) -> Option<LabelValue> {
            Some(self.0.into())
        }
    }

    /// The texts of the series, and how many of them had to be written.
    fn texts(snapshot: &Snapshot) -> (Vec<String>, usize) {
        let mut written = 0;
        let mut write = |labels: &[Label]| {
            written += 1;
            labels.iter().map(|label| label.value().with_str(str::to_owned)).collect()
        };
        let family = snapshot.family("calls").unwrap();
        let kept = family.label_texts(&mut write).unwrap();
        let series = family.series().map(|series| match kept.row(series.row) {
            Some(text) => text.to_owned(),
            None => write(series.labels()),
        });
        (series.collect(), written)
    }

    #[test]
    fn a_text_is_written_once_until_a_series_comes() {
        let store = Store::new();
        let calls = Descriptor::new("calls", "", "").with_max_series(3);
        let calls = store.counter_family::<Worker>(calls).unwrap();
        let make = |worker| drop(calls.series(&Worker(worker), Place::Wire));
        make(3);
        make(1);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&store.snapshot()), (words(&["1", "3"]), 2));
        assert_eq!(texts(&store.snapshot()), (words(&["1", "3"]), 0));
        let earlier = store.snapshot();
        make(2);
        assert_eq!(texts(&store.snapshot()), (words(&["1", "3", "true"]), 1), "the overflow has no key");
        calls.series(&Worker(2), Place::Known);
        assert_eq!(texts(&store.snapshot()), (words(&["1", "2", "3", "true"]), 4));
        assert_eq!(texts(&earlier), (words(&["1", "3"]), 0));
    }
}
