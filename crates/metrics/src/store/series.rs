//! One series of a snapshot.

use std::fmt;
use std::time::SystemTime;

use super::exemplar::Exemplar;
use super::label::Label;
use super::label_table::LabelTable;
use super::value::Value;

/// One series: its labels and its value.
#[derive(Clone, Copy)]
pub struct Series<'a> {
    pub(crate) table: &'a LabelTable,
    pub(crate) row: usize,
    pub(crate) value: Value<'a>,
    pub(crate) exemplar: Option<&'a Exemplar>,
    pub(crate) created: Option<SystemTime>,
}

impl<'a> Series<'a> {
    /// The labels, in the order of the family's names. An absent attribute is not among them.
    pub fn labels(&self) -> &'a [Label] {
        self.table.labels(self.row)
    }

    /// The value.
    pub fn value(&self) -> Value<'a> {
        self.value
    }

    /// The exemplar of a counter. Those of a histogram are with its buckets.
    pub fn exemplar(&self) -> Option<&'a Exemplar> {
        self.exemplar
    }

    /// When the series was made, and with it began to count; `None` for what a collector told without that.
    pub fn created(&self) -> Option<SystemTime> {
        self.created
    }

    /// The labels, in this list unless they lie in one already: those of all series would be much memory at once.
    pub(crate) fn lend_labels<'l>(&self, list: &'l mut Vec<Label>) -> &'l [Label]
    where
        'a: 'l,
    {
        self.table.lend(self.row, list)
    }

    /// Whether all of `labels` are among the labels.
    pub(crate) fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels.iter().all(|(name, text)| self.labels().iter().any(|label| label.reads(name, text)))
    }
}

impl PartialEq for Series<'_> {
    fn eq(&self, other: &Self) -> bool {
        let parts = |series: &Self| (series.value, series.exemplar.copied(), series.created);
        self.labels() == other.labels() && parts(self) == parts(other)
    }
}

impl fmt::Debug for Series<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Series")
            .field("labels", &self.labels())
            .field("value", &self.value)
            .field("exemplar", &self.exemplar)
            .field("created", &self.created)
            .finish()
    }
}
