//! One family as it stood at a scrape.

use std::borrow::Cow;
use std::ops::Range;
use std::time::SystemTime;

use super::descriptor::{Descriptor, Kind, Shape};
use super::exemplar::Exemplar;
use super::label::{Label, LabelText};
use super::measure::Measure;
use super::native_value::NativeValue;
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
    exemplars: Vec<Option<Exemplar>>,
}

/// One series: its labels and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Series<'a> {
    labels: &'a [Label],
    value: Value<'a>,
    exemplar: Option<&'a Exemplar>,
    created: Option<SystemTime>,
}

/// What a histogram told: how far its numbers reach in the lists that it filled.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HistogramPoint {
    pub(crate) buckets: Range<usize>,
    pub(crate) exemplars: Range<usize>,
    pub(crate) native: Option<NativePoint>,
    pub(crate) sum: u64,
}

/// The exponential part of a [`HistogramPoint`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NativePoint {
    pub(crate) schema: i32,
    pub(crate) zero_count: u64,
    pub(crate) offset: i32,
    pub(crate) counts: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    labels: Range<usize>,
    created: Option<SystemTime>,
    point: Point,
}

#[derive(Clone, Debug, PartialEq)]
enum Point {
    Number(Number),
    #[allow(dead_code, reason = "counters are about to tell exemplars")]
    /// A number with an exemplar, which is the one at this place.
    Marked(Number, usize),
    // Boxed: counters are many, and each would take the room of a histogram.
    Histogram(Box<HistogramPoint>),
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

    /// What the recordings of a histogram stand for; `None` for other kinds.
    pub fn measure(&self) -> Option<Measure> {
        match &self.shape {
            Shape::Histogram(bounds) => Some(bounds.measure()),
            Shape::Counter | Shape::Gauge => None,
        }
    }

    /// The upper bounds of the buckets in the unit of the family, without `+Inf`; empty unless it is a histogram.
    pub fn bounds(&self) -> &[f64] {
        match &self.shape {
            Shape::Histogram(bounds) => bounds.upper(),
            Shape::Counter | Shape::Gauge => &[],
        }
    }

    /// The series, in order.
    pub fn series(&self) -> impl ExactSizeIterator<Item = Series<'_>> {
        self.rows.iter().map(|row| self.view(row))
    }

    pub(crate) fn new(descriptor: Descriptor, shape: Shape) -> Self {
        Self {
            descriptor,
            shape,
            rows: Vec::new(),
            labels: Vec::new(),
            buckets: Vec::new(),
            exemplars: Vec::new(),
        }
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
    pub(crate) fn push_histogram(&mut self, buckets: impl Iterator<Item = u64>, sum: u64) {
        let start = self.buckets.len();
        self.buckets.extend(buckets);
        let point = HistogramPoint { buckets: start..self.buckets.len(), sum, ..HistogramPoint::default() };
        self.close(Point::Histogram(Box::new(point)));
    }

    /// Tells since when there is the series of the last row.
    pub(crate) fn mark_created(&mut self, created: SystemTime) {
        if let Some(row) = self.rows.last_mut() {
            row.created = Some(created);
        }
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
        self.rows.push(Row { labels: start..self.labels.len(), created: None, point });
    }

    fn view(&self, row: &Row) -> Series<'_> {
        let mut exemplar = None;
        let number = |number| match self.kind() {
            Kind::Counter => Value::Counter(number),
            _ => Value::Gauge(number),
        };
        let value = match &row.point {
            Point::Number(told) => number(*told),
            Point::Marked(told, at) => {
                exemplar = self.exemplars.get(*at).and_then(Option::as_ref);
                number(*told)
            }
            Point::Histogram(point) => Value::Histogram(self.histogram(point)),
        };
        let labels = self.labels.get(row.labels.clone()).unwrap_or_default();
        Series { labels, value, exemplar, created: row.created }
    }

    fn histogram(&self, point: &HistogramPoint) -> HistogramValue<'_> {
        let HistogramPoint { buckets, exemplars, native, sum } = point;
        let measure = self.measure().unwrap_or(Measure::Whole);
        let counts = |range: &Range<usize>| self.buckets.get(range.clone()).unwrap_or_default();
        HistogramValue {
            bounds: self.bounds(),
            buckets: counts(buckets),
            exemplars: self.exemplars.get(exemplars.clone()).unwrap_or_default(),
            native: native.as_ref().map(|native| NativeValue {
                schema: native.schema,
                zero_count: native.zero_count,
                offset: native.offset,
                counts: counts(&native.counts),
                measure,
                sum: *sum,
            }),
            measure,
            sum: *sum,
        }
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

    /// The exemplar of a counter. Those of a histogram are with its buckets.
    pub fn exemplar(&self) -> Option<&'a Exemplar> {
        self.exemplar
    }

    /// When the series was made, and with it began to count; `None` for what a collector told.
    pub fn created(&self) -> Option<SystemTime> {
        self.created
    }

    /// The labels as the text formats write them (`name="value",` each, names in underscores), which `write` does
    /// where nobody has before: the text is kept with the series, from scrape to scrape.
    #[allow(dead_code, reason = "the text encoders are about to ask for it")]
    pub(crate) fn label_text(&self, write: impl FnOnce(&'a [Label]) -> String) -> Cow<'a, str> {
        Cow::Owned(write(self.labels))
    }

    /// Whether all of `labels` are among the labels.
    pub(crate) fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels.iter().all(|(name, text)| self.labels.iter().any(|label| label.reads(name, text)))
    }
}
