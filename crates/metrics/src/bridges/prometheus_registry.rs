//! A registry of the crate `prometheus`, for the store.

use std::fmt;

use ::prometheus::proto::{MetricFamily, MetricType};
use ::prometheus::{Registry, TextEncoder};

use crate::store::{Collect, Descriptor, Sample};

/// Shows the counters and gauges of a `prometheus::Registry` in a [`Store`](crate::Store), and so on its
/// `/metrics` and wherever else it is exported.
///
/// Histograms, summaries and untyped metrics are left out: a [`Sample`] is one number. Register what a library
/// brings with them on a page of its own, or record to the store. A counter is written with `_total` whatever it is
/// called there.
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
/// That of the registry, which bounds nothing.
pub struct PrometheusRegistry {
    registry: Registry,
}

impl PrometheusRegistry {
    /// All of this registry. It must not hold a [`PrometheusCollector`](crate::PrometheusCollector) of the same
    /// store: each would ask the other for ever.
    pub fn new(registry: Registry) -> Self {
        Self { registry }
    }
}

impl Collect for PrometheusRegistry {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        for family in self.registry.gather() {
            tell(&family, out);
        }
    }
}

impl fmt::Debug for PrometheusRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrometheusRegistry")
    }
}

fn tell(family: &MetricFamily, out: &mut dyn FnMut(Sample<'_>)) {
    type Make = for<'a> fn(&'a Descriptor, &'a [(&'a str, &'a str)], f64) -> Sample<'a>;
    let make: Make = match family.get_field_type() {
        MetricType::COUNTER => |descriptor, labels, number| Sample::counter(descriptor, labels, number),
        MetricType::GAUGE => |descriptor, labels, number| Sample::gauge(descriptor, labels, number),
        _ => return,
    };
    let name = family.name().to_owned();
    let descriptor = Descriptor::from_owned(name, String::new(), family.help().to_owned());
    for (metric, number) in family.get_metric().iter().zip(numbers(family)) {
        let labels: Vec<(&str, &str)> =
            metric.get_label().iter().map(|label| (label.name(), label.value())).collect();
        // What cannot be read is told as such: the store counts a counter that is no number as refused.
        out(make(&descriptor, &labels, number.unwrap_or(f64::NAN)));
    }
}

/// The number of each metric. It is read from the text because only that is the same whether or not the crate is
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
