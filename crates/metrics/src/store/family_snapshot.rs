//! One family as it stood at a scrape.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use super::alike;
use super::descriptor::{Descriptor, Kind, Levels, Shape};
use super::exemplar::Exemplar;
use super::histogram_point::{HistogramLists, HistogramPoint, Run};
use super::label::{Label, LabelText};
use super::label_table::{LabelTable, Named, Texts};
use super::measure::Measure;
use super::native_value::NativeValue;
use super::number::Number;
use super::series::Series;
use super::summary_value::SummaryValue;
use super::value::{HistogramValue, Value};

/// The series of one family, sorted by their labels; the overflow series comes last.
///
/// Labels and buckets of all series lie in one list each, so that a scrape allocates per family, not per series.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilySnapshot {
    descriptor: Descriptor,
    shape: Shape,
    rows: Vec<Row>,
    labels: LabelTable,
    lists: HistogramLists,
    histograms: Vec<HistogramPoint>,
    summaries: Vec<SummaryPoint>,
}

#[derive(Clone, Debug, PartialEq)]
struct SummaryPoint {
    quantiles: Box<[(f64, f64)]>,
    count: u64,
    sum: f64,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    labels: usize,
    created: Option<SystemTime>,
    point: Point,
}

#[derive(Clone, Debug, PartialEq)]
enum Point {
    Number(Number),
    /// A number with an exemplar, which is the one at this place.
    Marked(Number, usize),
    /// The histogram at this place.
    Histogram(usize),
    /// The summary at this place.
    Summary(usize),
}

impl FamilySnapshot {
    /// What the family is called and counts in.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// What the family measures.
    pub fn kind(&self) -> Kind {
        match (self.shape.kind(), self.descriptor.levels()) {
            (Kind::Gauge, Levels::Parts) => Kind::UpDownCounter,
            (kind, _) => kind,
        }
    }

    /// What the recordings of a histogram stand for; `None` for other kinds.
    pub fn measure(&self) -> Option<Measure> {
        match &self.shape {
            Shape::Histogram(layout) => Some(layout.measure),
            Shape::ToldHistogram(_) => Some(Measure::Float),
            Shape::Counter | Shape::Gauge | Shape::FloatGauge | Shape::ToldSummary => None,
        }
    }

    /// The upper bounds of the buckets in the unit of the family, without `+Inf`; empty unless it is a histogram.
    pub fn bounds(&self) -> &[f64] {
        match &self.shape {
            Shape::Histogram(layout) => layout.upper(),
            Shape::ToldHistogram(upper) => upper,
            Shape::Counter | Shape::Gauge | Shape::FloatGauge | Shape::ToldSummary => &[],
        }
    }

    /// The series, in order.
    pub fn series(&self) -> impl ExactSizeIterator<Item = Series<'_>> {
        self.series_from(0)
    }

    /// The series from this place on.
    pub(crate) fn series_from(&self, place: usize) -> impl ExactSizeIterator<Item = Series<'_>> {
        self.rows.get(place..).unwrap_or_default().iter().map(|row| self.view(row))
    }

    /// The labels of the series as a page of text has them, which `write` does for all where nobody has before: the
    /// texts are kept from scrape to scrape. Not all series have theirs here.
    ///
    /// Not for histograms and summaries: next to their lines the text of the labels is little work and much memory.
    pub(crate) fn label_texts(&self, write: impl FnMut(&[Label]) -> String) -> Option<&Texts> {
        match self.kind() {
            Kind::Histogram | Kind::Summary => None,
            Kind::Counter | Kind::UpDownCounter | Kind::Gauge => self.labels.texts(write),
        }
    }

    pub(crate) fn new(descriptor: Descriptor, shape: Shape) -> Self {
        Self {
            descriptor,
            shape,
            rows: Vec::new(),
            labels: LabelTable::default(),
            lists: HistogramLists::default(),
            histograms: Vec::new(),
            summaries: Vec::new(),
        }
    }

    /// Gives the first rows their labels, and makes room for them and an overflow series.
    pub(crate) fn set_keys(&mut self, keys: &Arc<dyn Named>) {
        let series = self.labels.set_keys(Arc::clone(keys)) + 1;
        self.rows.reserve_exact(series);
        if let Shape::Histogram(layout) = &self.shape {
            self.lists.buckets.reserve(series * layout.shown());
            self.histograms.reserve_exact(series);
        }
    }

    /// Appends to the help.
    pub(crate) fn annotate(&mut self, note: &str) {
        let help = [self.descriptor.help(), note].join(" ");
        self.descriptor = self.descriptor.renamed(self.descriptor.name().to_owned(), help.trim().to_owned());
    }

    /// Adds a label to the row that the next value closes.
    pub(crate) fn push_label(&mut self, (name, value): (Cow<'static, str>, LabelText)) {
        self.labels.push_label(name, value);
    }

    /// Closes a row.
    pub(crate) fn push_number(&mut self, number: Number) {
        self.close(Point::Number(number));
    }

    /// Closes a row of a number with an exemplar.
    pub(crate) fn push_marked(&mut self, number: Number, exemplar: Option<Exemplar>) {
        match exemplar {
            None => self.push_number(number),
            Some(_) => {
                self.lists.exemplars.push(exemplar);
                self.close(Point::Marked(number, self.lists.exemplars.len() - 1));
            }
        }
    }

    /// Closes a row of a histogram. `fill` appends to the lists that it is given, and tells what is whose.
    /// The buckets are read once, there: count and buckets of a snapshot come from the same reading.
    pub(crate) fn push_histogram(&mut self, fill: impl FnOnce(&mut HistogramLists) -> HistogramPoint) {
        let point = fill(&mut self.lists);
        self.histograms.push(point);
        self.close(Point::Histogram(self.histograms.len() - 1));
    }

    /// Closes a row of a summary.
    pub(crate) fn push_summary(&mut self, summary: SummaryValue<'_>) {
        let SummaryValue { quantiles, count, sum } = summary;
        self.summaries.push(SummaryPoint { quantiles: quantiles.into(), count, sum });
        self.close(Point::Summary(self.summaries.len() - 1));
    }

    /// Tells since when there is the series of the last row.
    pub(crate) fn mark_created(&mut self, created: SystemTime) {
        if let Some(row) = self.rows.last_mut() {
            row.created = Some(created);
        }
    }

    /// Sorts what came unsorted and keeps the first of two series with the same labels, or with labels that are written
    /// the same: a series given twice would cost the whole scrape. Returns how many went.
    pub(crate) fn sort(&mut self) -> usize {
        let Self { rows, labels, .. } = self;
        let labels_of = |row: &Row| labels.labels(row.labels);
        rows.sort_by(|one, other| labels_of(one).cmp(labels_of(other)));
        let before = rows.len();
        rows.dedup_by(|later, kept| labels_of(later) == labels_of(kept));
        if alike::some(rows.iter().map(labels_of)) {
            let mut kept = HashSet::new();
            rows.retain(|row| kept.insert(alike::written(labels_of(row))));
        }
        before - rows.len()
    }

    fn close(&mut self, point: Point) {
        // A key has its row already; labels told one by one have not.
        let labels =
            if self.rows.len() < self.labels.keyed() { self.rows.len() } else { self.labels.close() };
        self.rows.push(Row { labels, created: None, point });
    }

    #[inline]
    fn view(&self, row: &Row) -> Series<'_> {
        let mut exemplar = None;
        let number = |number| match self.kind() {
            Kind::Counter => Value::Counter(number),
            _ => Value::Gauge(number),
        };
        let value = match &row.point {
            Point::Number(told) => number(*told),
            Point::Marked(told, at) => {
                exemplar = self.lists.exemplars.get(*at).and_then(Option::as_ref);
                number(*told)
            }
            Point::Histogram(at) => Value::Histogram(self.histogram(*at)),
            Point::Summary(at) => Value::Summary(self.summary(*at)),
        };
        Series { table: &self.labels, row: row.labels, value, exemplar, created: row.created }
    }

    // Apart, so that a page of counters does not carry a histogram's worth of memory from call to call.
    #[inline(never)]
    fn histogram(&self, at: usize) -> HistogramValue<'_> {
        let point = self.histograms.get(at).unwrap_or(const { &HistogramPoint::NOTHING });
        let HistogramPoint { buckets, exemplars, native, sum } = point;
        let lists = &self.lists;
        let counts = |range: &Range<usize>| lists.buckets.get(range.clone()).unwrap_or_default();
        let run = |run: &Run| (run.offset, counts(&run.counts));
        let native = native.and_then(|at| lists.natives.get(at)).map(|native| NativeValue {
            schema: native.schema,
            zero_threshold: native.zero_threshold,
            zero_count: native.zero_count,
            positive: run(&native.positive),
            negative: run(&native.negative),
            sum: *sum,
        });
        HistogramValue {
            bounds: self.bounds(),
            buckets: counts(buckets),
            exemplars: lists.exemplars.get(exemplars.clone()).unwrap_or_default(),
            native,
            sum: *sum,
        }
    }

    fn summary(&self, at: usize) -> SummaryValue<'_> {
        self.summaries.get(at).map_or(SummaryValue { quantiles: &[], count: 0, sum: 0.0 }, |summary| {
            SummaryValue { quantiles: &summary.quantiles, count: summary.count, sum: summary.sum }
        })
    }
}
