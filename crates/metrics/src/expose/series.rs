//! The lines of one series.

use super::format::Created;
use super::page::Dialect;
use super::sample_name::{LineLabels, SampleName};
use super::{canonical, exemplar, number, timestamp};
use crate::store::{Exemplar, FamilySnapshot, HistogramValue, Number, Series, SummaryValue, Value};

/// What all series of a family share, made ready once.
#[derive(Debug)]
pub(crate) struct SeriesWriter {
    dialect: Dialect,
    value: SampleName,
    bucket: SampleName,
    sum: SampleName,
    count: SampleName,
    created: SampleName,
    bounds: Vec<Bound>,
}

#[derive(Debug)]
struct Bound {
    upper: f64,
    /// The label with what ends all labels: `le="0.5"} `.
    end: String,
}

impl SeriesWriter {
    /// For the family `name`, whose samples without a suffix of their own are called `metric`.
    pub(crate) fn new(name: &str, metric: &str, family: &FamilySnapshot, dialect: Dialect) -> Self {
        let suffixed = |suffix: &str| SampleName::new(&format!("{name}{suffix}"));
        Self {
            dialect,
            value: SampleName::new(metric),
            bucket: suffixed("_bucket"),
            sum: suffixed("_sum"),
            count: suffixed("_count"),
            created: suffixed("_created"),
            bounds: bounds(family.bounds(), dialect),
        }
    }

    /// Appends the lines of a series, with these open labels.
    pub(crate) fn write(&self, series: &Series<'_>, labels: &str, out: &mut String) {
        match series.value {
            Value::Histogram(value) => {
                self.histogram(value, labels, out);
                self.created(series, LineLabels::Open(labels), out);
            }
            Value::Summary(value) => {
                self.summary(value, labels, out);
                self.created(series, LineLabels::Open(labels), out);
            }
            Value::Counter(_) | Value::Gauge(_) => self.write_number(series, LineLabels::Open(labels), out),
        }
    }

    /// Appends the lines of a counter or a gauge.
    pub(crate) fn write_number(&self, series: &Series<'_>, labels: LineLabels<'_>, out: &mut String) {
        match series.value {
            Value::Gauge(number) => self.number(number, None, labels, out),
            Value::Counter(number) => {
                self.number(number, series.exemplar(), labels, out);
                self.created(series, labels, out);
            }
            Value::Histogram(_) | Value::Summary(_) => {}
        }
    }

    fn created(&self, series: &Series<'_>, labels: LineLabels<'_>, out: &mut String) {
        if let (Dialect::OpenMetrics(Created::Told), Some(created)) = (self.dialect, series.created()) {
            self.created.write(labels, out);
            timestamp::seconds(created, out);
            out.push('\n');
        }
    }

    fn number(&self, number: Number, exemplar: Option<&Exemplar>, labels: LineLabels<'_>, out: &mut String) {
        self.value.write(labels, out);
        number::number(number, out);
        self.exemplar(exemplar, out);
        out.push('\n');
    }

    fn histogram(&self, value: HistogramValue<'_>, labels: &str, out: &mut String) {
        let has_exemplars = self.dialect != Dialect::Text && value.exemplars().any(|it| it.is_some());
        let count = match has_exemplars {
            true => self.marked_buckets(value, labels, out),
            false => self.buckets(value, labels, out),
        };
        // A sum is a counter to OpenMetrics, and stands only where it can be one; a count stands only beside it.
        let is_counter = value.sum() >= 0.0 && self.bounds.first().is_none_or(|bound| bound.upper >= 0.0);
        if self.dialect == Dialect::Text || is_counter {
            self.sum(value.sum(), labels, out);
            self.count(count, labels, out);
        }
    }

    /// Appends the lines of the buckets. Returns the count.
    ///
    /// Most of a page are such lines. Between the label of one bucket and that of the next the text is the same as
    /// long as the count is, and it mostly is: so it is put together when the count changes, and copied else.
    fn buckets(&self, value: HistogramValue<'_>, labels: &str, out: &mut String) -> u64 {
        let mut count = 0;
        let mut between = String::with_capacity(labels.len() + 128);
        self.bucket.begin(labels, out);
        for (index, (bound, bucket)) in self.bounds.iter().zip(value.buckets()).enumerate() {
            if index > 0 {
                if between.is_empty() {
                    number::unsigned(count, &mut between);
                    between.push('\n');
                    self.bucket.begin(labels, &mut between);
                }
                out.push_str(&between);
            }
            out.push_str(&bound.end);
            if *bucket > 0 {
                count += bucket;
                between.clear();
            }
        }
        number::unsigned(count, out);
        out.push('\n');
        count
    }

    /// The same, with exemplars.
    fn marked_buckets(&self, value: HistogramValue<'_>, labels: &str, out: &mut String) -> u64 {
        let mut count = 0;
        let mut below = f64::NEG_INFINITY;
        for ((bound, bucket), exemplar) in self.bounds.iter().zip(value.buckets()).zip(value.exemplars()) {
            count += bucket;
            self.bucket.write_with(labels, &bound.end, out);
            number::unsigned(count, out);
            self.exemplar(exemplar.filter(|it| exemplar::is_within(it, below, bound.upper)), out);
            out.push('\n');
            below = bound.upper;
        }
        count
    }

    fn summary(&self, value: SummaryValue<'_>, labels: &str, out: &mut String) {
        for (quantile, number) in value.quantiles() {
            let mut end = String::from("quantile=\"");
            bound(*quantile, self.dialect, &mut end);
            end.push_str("\"} ");
            self.value.write_with(labels, &end, out);
            number::float(*number, out);
            out.push('\n');
        }
        if self.dialect == Dialect::Text || value.sum() >= 0.0 {
            self.sum(value.sum(), labels, out);
        }
        self.count(value.count(), labels, out);
    }

    fn sum(&self, sum: f64, labels: &str, out: &mut String) {
        self.sum.write(LineLabels::Open(labels), out);
        number::float(sum, out);
        out.push('\n');
    }

    fn count(&self, count: u64, labels: &str, out: &mut String) {
        self.count.write(LineLabels::Open(labels), out);
        number::unsigned(count, out);
        out.push('\n');
    }

    fn exemplar(&self, exemplar: Option<&Exemplar>, out: &mut String) {
        if let (Dialect::OpenMetrics(_), Some(exemplar)) = (self.dialect, exemplar) {
            exemplar::write(exemplar, out);
        }
    }
}

/// The bounds, that of the last bucket included.
fn bounds(upper: &[f64], dialect: Dialect) -> Vec<Bound> {
    let one = |upper: f64| {
        let mut end = String::from("le=\"");
        bound(upper, dialect, &mut end);
        end.push_str("\"} ");
        Bound { upper, end }
    };
    upper.iter().copied().chain([f64::INFINITY]).map(one).collect()
}

fn bound(bound: f64, dialect: Dialect, out: &mut String) {
    match dialect {
        Dialect::Text => number::float(bound, out),
        Dialect::OpenMetrics(_) => canonical::bound(bound, out),
    }
}
