//! A registry of the crate `prometheus`, for the store.

use std::fmt;

use ::prometheus::proto::{Metric, MetricFamily, MetricType};
use ::prometheus::{Registry, TextEncoder};

use crate::store::{Collect, Descriptor, HistogramSample, Sample, SummarySample};

/// Shows a `prometheus::Registry` in a [`Store`](crate::Store), and so on its `/metrics` and wherever else it is
/// exported: counters, gauges, histograms and summaries. A counter is written with `_total` whatever it is called
/// there. Metrics without a type are left out.
///
/// ```
/// use tower_telemetry_metrics::{PrometheusRegistry, Store};
///
/// let registry = prometheus::Registry::new();
/// let mails = prometheus::IntCounter::new("mails_total", "Mails sent.")?;
/// registry.register(Box::new(mails.clone()))?;
/// mails.inc_by(3);
///
/// let store = Store::new();
/// store.collector(PrometheusRegistry::new(registry));
/// assert_eq!(store.snapshot().value("mails_total", &[]), Some(3.0));
/// # Ok::<(), prometheus::Error>(())
/// ```
///
/// # Cardinality
///
/// The registry bounds nothing. Of each of its metrics 10,000 series are shown, or
/// [as many as is said](Self::with_max_series); the rest is refused, and counted in
/// `tower_telemetry.samples.refused`.
pub struct PrometheusRegistry {
    registry: Registry,
    max_series: usize,
}

impl PrometheusRegistry {
    /// All of this registry. It must not hold a [`PrometheusCollector`](crate::PrometheusCollector) of the same
    /// store: each would ask the other for ever.
    pub fn new(registry: Registry) -> Self {
        Self { registry, max_series: 10_000 }
    }

    /// Sets how many series of each metric are shown.
    #[must_use]
    pub fn with_max_series(self, max_series: usize) -> Self {
        Self { max_series, ..self }
    }
}

impl Collect for PrometheusRegistry {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        for family in self.registry.gather() {
            let descriptor =
                Descriptor::from_owned(family.name().to_owned(), String::new(), family.help().to_owned());
            tell(&family, &descriptor.with_max_series(self.max_series), out);
        }
    }
}

impl fmt::Debug for PrometheusRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrometheusRegistry")
    }
}

fn tell(family: &MetricFamily, descriptor: &Descriptor, out: &mut dyn FnMut(Sample<'_>)) {
    type Make = for<'a> fn(&'a Descriptor, &'a [(&'a str, &'a str)], f64) -> Sample<'a>;
    let make: Make = match family.get_field_type() {
        MetricType::COUNTER => |descriptor, labels, number| Sample::counter(descriptor, labels, number),
        MetricType::GAUGE => |descriptor, labels, number| Sample::gauge(descriptor, labels, number),
        MetricType::HISTOGRAM => {
            return family.get_metric().iter().for_each(|metric| tell_histogram(metric, descriptor, out));
        }
        MetricType::SUMMARY => {
            return family.get_metric().iter().for_each(|metric| tell_summary(metric, descriptor, out));
        }
        MetricType::UNTYPED => return,
    };
    for (metric, number) in family.get_metric().iter().zip(numbers(family)) {
        // What cannot be read is told as such: the store counts a counter that is no number as refused.
        out(make(descriptor, &labels(metric), number.unwrap_or(f64::NAN)));
    }
}

fn tell_histogram(metric: &Metric, descriptor: &Descriptor, out: &mut dyn FnMut(Sample<'_>)) {
    let histogram = metric.get_histogram();
    // A collector may write the bucket of `+Inf`, which is always there, or leave it out.
    let told: Vec<(f64, u64)> = histogram
        .get_bucket()
        .iter()
        .map(|bucket| (bucket.upper_bound(), bucket.cumulative_count()))
        .filter(|(bound, _)| *bound != f64::INFINITY)
        .collect();
    let bounds: Vec<f64> = told.iter().map(|(bound, _)| *bound).collect();
    let cumulative = told.iter().map(|(_, count)| *count).chain([histogram.get_sample_count()]);
    let mut before = 0;
    let each = cumulative.map(|count| count.saturating_sub(std::mem::replace(&mut before, count)));
    let buckets: Vec<u64> = each.collect();
    let sample = HistogramSample::new(&bounds, &buckets, histogram.get_sample_sum());
    out(Sample::histogram(descriptor, &labels(metric), sample));
}

fn tell_summary(metric: &Metric, descriptor: &Descriptor, out: &mut dyn FnMut(Sample<'_>)) {
    let summary = metric.get_summary();
    let quantiles = summary.get_quantile().iter().map(|quantile| (quantile.quantile(), quantile.value()));
    let quantiles: Vec<(f64, f64)> = quantiles.collect();
    let (count, sum) = (summary.sample_count(), summary.sample_sum());
    out(Sample::summary(descriptor, &labels(metric), SummarySample { quantiles: &quantiles, count, sum }));
}

fn labels(metric: &Metric) -> Vec<(&str, &str)> {
    metric.get_label().iter().map(|label| (label.name(), label.value())).collect()
}

/// The number of each counter or gauge. It is read from the text because only that is the same whether or not the crate is
/// built with its feature `protobuf`, which anyone in the program may turn on and which changes its types.
fn numbers(family: &MetricFamily) -> Vec<Option<f64>> {
    let text = TextEncoder::new().encode_to_string(std::slice::from_ref(family)).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let timestamps = family.get_metric().iter().map(|metric| metric.timestamp_ms());
    lines
        .zip(timestamps)
        .map(|(line, timestamp)| {
            // A timestamp, where there is one, stands behind the number.
            let number = line.rsplit(' ').nth(usize::from(timestamp != 0))?;
            number.parse().ok()
        })
        .collect()
}
