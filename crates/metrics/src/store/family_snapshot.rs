//! One family as it stood at a scrape.

use std::borrow::Cow;
use std::ops::Range;

use super::descriptor::{Descriptor, Kind, Shape};
use super::label::{Label, LabelText};
use super::number::Number;
use super::value::{HistogramValue, Value};

/// The series of one family, sorted by their labels; the overflow series comes last.
///
/// Labels and buckets of all series lie in one list each, so that a scrape allocates per family, not per series.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilySnapshot {
    descriptor: Descriptor,
    shape: Shape,
    rows: Vec<Row>,
    labels: Vec<Label>,
    buckets: Vec<u64>,
}

/// One series: its labels and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Series<'a> {
    labels: &'a [Label],
    value: Value<'a>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    labels: Range<usize>,
    point: Point,
}

#[derive(Clone, Debug, PartialEq)]
enum Point {
    Number(Number),
    Histogram { buckets: Range<usize>, sum_nanos: u64 },
}

impl FamilySnapshot {
    /// What the family is called and counts in.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// What the family measures.
    pub fn kind(&self) -> Kind {
        self.shape.kind()
    }

    /// The upper bounds of the buckets in seconds, without `+Inf`; empty unless it is a histogram.
    pub fn bounds(&self) -> &[f64] {
        match &self.shape {
            Shape::Histogram(bounds) => bounds.seconds(),
            Shape::Counter | Shape::Gauge => &[],
        }
    }

    /// The series, in order.
    pub fn series(&self) -> impl ExactSizeIterator<Item = Series<'_>> {
        self.rows.iter().map(|row| self.view(row))
    }

    pub(crate) fn new(descriptor: Descriptor, shape: Shape) -> Self {
        Self { descriptor, shape, rows: Vec::new(), labels: Vec::new(), buckets: Vec::new() }
    }

    /// Makes room for `series` and an overflow series.
    pub(crate) fn reserve(&mut self, series: usize, labels_each: usize) {
        self.rows.reserve(series + 1);
        self.labels.reserve(series * labels_each + 1);
        if let Shape::Histogram(bounds) = &self.shape {
            self.buckets.reserve((series + 1) * bounds.buckets());
        }
    }

    /// Adds a label to the row that the next value closes.
    pub(crate) fn push_label(&mut self, name: Cow<'static, str>, value: LabelText) {
        self.labels.push(Label { name, value });
    }

    /// Closes a row.
    pub(crate) fn push_number(&mut self, number: Number) {
        self.close(Point::Number(number));
    }

    /// Closes a row. The buckets are read once, here: count and buckets of a snapshot come from the same reading.
    pub(crate) fn push_histogram(&mut self, buckets: impl Iterator<Item = u64>, sum_nanos: u64) {
        let start = self.buckets.len();
        self.buckets.extend(buckets);
        self.close(Point::Histogram { buckets: start..self.buckets.len(), sum_nanos });
    }

    /// Sorts what came unsorted and keeps the first of two series with the same labels. Returns how many went.
    pub(crate) fn sort(&mut self) -> usize {
        let Self { rows, labels, .. } = self;
        let labels_of = |row: &Row| labels.get(row.labels.clone()).unwrap_or_default();
        rows.sort_by(|one, other| labels_of(one).cmp(labels_of(other)));
        let before = rows.len();
        rows.dedup_by(|later, kept| labels_of(later) == labels_of(kept));
        before - rows.len()
    }

    fn close(&mut self, point: Point) {
        let start = self.rows.last().map_or(0, |row| row.labels.end);
        self.rows.push(Row { labels: start..self.labels.len(), point });
    }

    fn view(&self, row: &Row) -> Series<'_> {
        let value = match &row.point {
            Point::Number(number) if self.kind() == Kind::Counter => Value::Counter(*number),
            Point::Number(number) => Value::Gauge(*number),
            Point::Histogram { buckets, sum_nanos } => {
                let buckets = self.buckets.get(buckets.clone()).unwrap_or_default();
                Value::Histogram(HistogramValue::new(self.bounds(), buckets, *sum_nanos))
            }
        };
        Series { labels: self.labels.get(row.labels.clone()).unwrap_or_default(), value }
    }
}

impl<'a> Series<'a> {
    /// The labels, in the order of the family's names. An absent attribute is not among them.
    pub fn labels(&self) -> &'a [Label] {
        self.labels
    }

    /// The value.
    pub fn value(&self) -> Value<'a> {
        self.value
    }

    /// Whether all of `labels` are among the labels.
    pub(crate) fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels.iter().all(|(name, text)| self.labels.iter().any(|label| label.reads(name, text)))
    }
}
