//! The Prometheus text format 0.0.4.
//!
//! ```
//! use tower_telemetry_metrics::{Descriptor, Place, Store, expose::text};
//!
//! let store = Store::new();
//! let jobs = store.counter_family::<()>(Descriptor::new("shop.jobs", "{job}", "Jobs done."))?;
//! jobs.series(&(), Place::Known).add(3);
//!
//! let mut page = String::new();
//! text::encode(&store.snapshot(), &mut page);
//! assert!(page.contains("# TYPE shop_jobs_total counter\nshop_jobs_total 3\n"));
//! # Ok::<(), tower_telemetry_metrics::RegisterError>(())
//! ```

use super::label_names::LabelNames;
use super::{escape, name, number};
use crate::store::{FamilySnapshot, HistogramValue, Snapshot, Value};

/// The `Content-Type` of the page. Prometheus 3 fails a scrape without it.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4";

/// Appends the page to `out`: for each family with a series its `HELP`, its `TYPE` and its samples.
///
/// Never panics. A sample allocates nothing beyond the growth of `out`, unless names of its labels collide.
pub fn encode(snapshot: &Snapshot, out: &mut String) {
    // Labels of the series at hand, written once and copied to each of its lines.
    let mut labels = String::new();
    for family in snapshot.families().iter().filter(|family| family.series().len() > 0) {
        encode_family(family, &mut labels, out);
    }
}

fn encode_family(family: &FamilySnapshot, labels: &mut String, out: &mut String) {
    let name = name::metric(family.descriptor(), family.kind());
    head(family, &name, out);
    let bounds = written_bounds(family.bounds());
    let mut names = LabelNames::default();
    for series in family.series() {
        labels.clear();
        names.write(series.labels(), labels);
        match series.value() {
            Value::Counter(value) | Value::Gauge(value) => {
                sample(&name, "", labels, out);
                number::number(value, out);
                out.push('\n');
            }
            Value::Histogram(value) => histogram(&name, labels, &bounds, value, out),
        }
    }
}

fn head(family: &FamilySnapshot, name: &str, out: &mut String) {
    if !family.descriptor().help().is_empty() {
        out.push_str("# HELP ");
        out.push_str(name);
        out.push(' ');
        escape::help(family.descriptor().help(), out);
        out.push('\n');
    }
    out.push_str("# TYPE ");
    out.push_str(name);
    out.push(' ');
    out.push_str(family.kind().as_str());
    out.push('\n');
}

/// The values of `le`, that of the last bucket included.
fn written_bounds(bounds: &[f64]) -> Vec<String> {
    bounds
        .iter()
        .chain([&f64::INFINITY])
        .map(|bound| {
            let mut written = String::new();
            number::float(*bound, &mut written);
            written
        })
        .collect()
}

fn histogram(name: &str, labels: &str, bounds: &[String], value: HistogramValue<'_>, out: &mut String) {
    let mut count = 0;
    for (bound, bucket) in bounds.iter().zip(value.buckets()) {
        count += bucket;
        out.push_str(name);
        out.push_str("_bucket{");
        out.push_str(labels);
        out.push_str("le=\"");
        out.push_str(bound);
        out.push_str("\"} ");
        number::unsigned(count, out);
        out.push('\n');
    }
    sample(name, "_sum", labels, out);
    number::float(value.sum(), out);
    out.push('\n');
    sample(name, "_count", labels, out);
    number::unsigned(count, out);
    out.push('\n');
}

/// Appends the name and the labels, which end in a comma if there are any.
fn sample(name: &str, suffix: &str, labels: &str, out: &mut String) {
    out.push_str(name);
    out.push_str(suffix);
    if let Some(labels) = labels.strip_suffix(',') {
        out.push('{');
        out.push_str(labels);
        out.push('}');
    }
    out.push(' ');
}
