//! The labels of the series of a snapshot, written out when somebody asks.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::label::{Label, LabelText};

/// A key of a family whose type only its owner knows.
pub(crate) trait Named: Send + Sync {
    /// Appends the labels that a reader sees.
    fn push_labels(&self, labels: &mut Vec<Label>);

    /// The labels as the text formats write them, once somebody has written them.
    fn text(&self) -> &OnceLock<Box<str>>;
}

/// A row of labels for each series.
///
/// Keys are shared with the family and not copied: a page of text needs only the text that is kept with them.
#[derive(Clone, Default)]
pub(crate) struct LabelTable {
    rows: Vec<Row>,
    told: Vec<Label>,
    /// Where the next row of told labels begins.
    closed: usize,
    written: OnceLock<Written>,
}

#[derive(Clone)]
enum Row {
    Key(Arc<dyn Named>),
    Told(Range<usize>),
}

/// The labels of all keys, in one list.
#[derive(Clone)]
struct Written {
    labels: Vec<Label>,
    ends: Vec<usize>,
}

impl LabelTable {
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows);
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a label to the row that [`close`](Self::close) ends.
    pub(crate) fn push_label(&mut self, name: Cow<'static, str>, value: LabelText) {
        self.told.push(Label { name, value });
    }

    /// Ends a row of labels that were told one by one. Returns its number.
    pub(crate) fn close(&mut self) -> usize {
        self.rows.push(Row::Told(self.closed..self.told.len()));
        self.closed = self.told.len();
        self.rows.len() - 1
    }

    /// Adds the row of a key.
    pub(crate) fn push_key(&mut self, key: Arc<dyn Named>) {
        self.rows.push(Row::Key(key));
    }

    pub(crate) fn labels(&self, row: usize) -> &[Label] {
        match self.rows.get(row) {
            None => &[],
            Some(Row::Told(range)) => self.told.get(range.clone()).unwrap_or_default(),
            Some(Row::Key(_)) => self.written.get_or_init(|| self.write()).row(row),
        }
    }

    /// The text of the labels of a row, by `write` where it was not written before.
    pub(crate) fn text<'a>(&'a self, row: usize, write: impl FnOnce(&'a [Label]) -> String) -> Cow<'a, str> {
        match self.rows.get(row) {
            Some(Row::Key(key)) => {
                Cow::Borrowed(key.text().get_or_init(|| write(self.labels(row)).into_boxed_str()))
            }
            Some(Row::Told(_)) | None => Cow::Owned(write(self.labels(row))),
        }
    }

    fn write(&self) -> Written {
        let mut written = Written { labels: Vec::new(), ends: Vec::with_capacity(self.rows.len()) };
        for row in &self.rows {
            if let Row::Key(key) = row {
                key.push_labels(&mut written.labels);
            }
            written.ends.push(written.labels.len());
        }
        written
    }
}

impl Written {
    fn row(&self, row: usize) -> &[Label] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.labels.get(start..end).unwrap_or_default()
    }
}

/// What was written already makes no difference.
impl PartialEq for LabelTable {
    fn eq(&self, other: &Self) -> bool {
        self.rows.len() == other.rows.len()
            && (0..self.rows.len()).all(|row| self.labels(row) == other.labels(row))
    }
}

impl fmt::Debug for LabelTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.rows.len()).map(|row| self.labels(row))).finish()
    }
}
