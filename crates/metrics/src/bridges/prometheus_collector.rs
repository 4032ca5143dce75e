//! The store, for a registry of the crate `prometheus`.

use std::collections::HashMap;

use ::prometheus::core::{Collector, Desc};
use ::prometheus::proto::{
    Bucket, Counter, Gauge, Histogram, LabelPair, Metric, MetricFamily, MetricType, Quantile, Summary,
};
use tower_telemetry_core::names::metric;

use crate::expose::name;
use crate::store::{Descriptor, FamilySnapshot, HistogramValue, Kind, Label, Store, SummaryValue, Value};

/// Shows all that a store holds in a `prometheus::Registry`, for a program that serves one already.
///
/// Names and labels are those of the text format 0.0.4. Exemplars and exponential buckets have no place in such a
/// registry.
///
/// ```
/// use tower_telemetry_metrics::{Descriptor, Place, PrometheusCollector, Store};
///
/// let store = Store::new();
/// store.counter_family::<()>(Descriptor::new("shop.jobs", "", "Jobs done."))?.series(&(), Place::Known).add(3);
///
/// let registry = prometheus::Registry::new();
/// registry.register(Box::new(PrometheusCollector::new(store)?))?;
/// assert!(registry.gather().iter().any(|family| family.name() == "shop_jobs_total"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PrometheusCollector {
    store: Store,
    desc: Desc,
}

impl PrometheusCollector {
    /// A collector of this store. A registry takes one.
    ///
    /// # Errors
    ///
    /// Never, in fact: the registry's crate checks the name of a family that every store has.
    pub fn new(store: Store) -> Result<Self, ::prometheus::Error> {
        // A registry tells collectors apart by what they declare, and asks for no declaration of the rest.
        const REFUSED: Descriptor = Descriptor::of(metric::SAMPLES_REFUSED);
        let name = name::metric(&REFUSED, Kind::Counter);
        let desc = Desc::new(name, REFUSED.help().to_owned(), Vec::new(), HashMap::new())?;
        Ok(Self { store, desc })
    }
}

impl Collector for PrometheusCollector {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.desc]
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.store.snapshot().families().iter().map(family).collect()
    }
}

fn family(told: &FamilySnapshot) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name::metric(told.descriptor(), told.kind()));
    family.set_help(told.descriptor().help().to_owned());
    family.set_field_type(match told.kind() {
        Kind::Counter => MetricType::COUNTER,
        Kind::Gauge | Kind::UpDownCounter => MetricType::GAUGE,
        Kind::Histogram => MetricType::HISTOGRAM,
        Kind::Summary => MetricType::SUMMARY,
    });
    family.set_metric(
        told.series()
            .map(|series| {
                let mut metric = Metric::from_label(labels(series.labels()));
                match series.value() {
                    Value::Counter(number) => {
                        let mut counter = Counter::default();
                        counter.set_value(number.as_f64());
                        metric.set_counter(counter);
                    }
                    Value::Gauge(number) => {
                        let mut gauge = Gauge::default();
                        gauge.set_value(number.as_f64());
                        metric.set_gauge(gauge);
                    }
                    Value::Histogram(value) => metric.set_histogram(histogram(value)),
                    Value::Summary(value) => metric.set_summary(summary(value)),
                }
                metric
            })
            .collect(),
    );
    family
}

fn histogram(value: HistogramValue<'_>) -> Histogram {
    let mut count = 0;
    // The last bucket, for +Inf, is the count: the encoder of that crate adds it.
    let buckets = value.bounds().iter().zip(value.buckets()).map(|(bound, recordings)| {
        count += recordings;
        let mut bucket = Bucket::default();
        bucket.set_upper_bound(*bound);
        bucket.set_cumulative_count(count);
        bucket
    });
    let mut histogram = Histogram::default();
    histogram.set_bucket(buckets.collect());
    histogram.set_sample_count(value.count());
    histogram.set_sample_sum(value.sum());
    histogram
}

fn summary(value: SummaryValue<'_>) -> Summary {
    let quantiles = value.quantiles().iter().map(|(place, number)| {
        let mut quantile = Quantile::default();
        quantile.set_quantile(*place);
        quantile.set_value(*number);
        quantile
    });
    let mut summary = Summary::default();
    summary.set_quantile(quantiles.collect());
    summary.set_sample_count(value.count());
    summary.set_sample_sum(value.sum());
    summary
}

/// Two names that are written alike would spoil the page: their values are joined, as the text format does.
fn labels(labels: &[Label]) -> Vec<LabelPair> {
    let mut pairs: Vec<LabelPair> = Vec::with_capacity(labels.len());
    for label in labels {
        let name = name::label(label.name());
        label.value().with_str(|value| match pairs.iter_mut().find(|pair| pair.name() == name) {
            Some(pair) => {
                let joined = format!("{};{value}", pair.value());
                pair.set_value(joined);
            }
            None => {
                let mut pair = LabelPair::default();
                pair.set_name(name.clone());
                pair.set_value(value.to_owned());
                pairs.push(pair);
            }
        });
    }
    pairs
}
