//! The store and a registry of the crate `prometheus`, each seen through the other.
#![cfg(feature = "prometheus")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use prometheus::core::{Collector, Desc};
use prometheus::proto::{Metric, MetricFamily, MetricType, Quantile, Summary};
use prometheus::{Gauge, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};
use tower_telemetry_core::names;
use tower_telemetry_metrics::expose::{openmetrics, text};
use tower_telemetry_metrics::{
    Bounds, Descriptor, LabelValue, Labels, Place, PrometheusCollector, PrometheusRegistry, Sample, Store,
};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Job(&'static str, u16);

impl Labels for Job {
    const NAMES: &'static [&'static str] = &["job.queue", "exit"];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.0.into()),
            _ => Some(self.1.into()),
        }
    }
}

fn shop() -> Store {
    let store = Store::new();
    let jobs = store.counter_family(Descriptor::new("shop.jobs", "{job}", "Jobs \"done\".")).unwrap();
    jobs.series(&Job("ma\"ils\n", 7), Place::Known).add(3);
    let level = store.gauge_family::<()>(Descriptor::new("shop.level", "By", "")).unwrap();
    level.series(&(), Place::Known).set(-4);
    let bounds = Bounds::from_seconds(&[0.125, 1.0]).unwrap();
    let wait = store.histogram_family(Descriptor::new("shop.wait", "s", "Wait."), bounds).unwrap();
    for millis in [100, 500, 5000] {
        wait.series(&Job("mails", 7), Place::Known).record(Duration::from_millis(millis));
    }
    store
}

fn lines(page: &str) -> BTreeSet<String> {
    page.lines().map(str::to_owned).collect()
}

#[test]
fn a_registry_writes_the_same_page_as_the_store() {
    let store = shop();
    let registry = Registry::new();
    registry.register(Box::new(PrometheusCollector::new(store.clone()).unwrap())).unwrap();
    let theirs = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    let mut ours = String::new();
    text::encode(&store.snapshot(), &mut ours);
    assert!(ours.contains("shop_wait_seconds_bucket{job_queue=\"mails\",exit=\"7\",le=\"1\"} 2\n"));
    assert_eq!(lines(&theirs), lines(&ours));
}

#[test]
fn a_store_is_registered_once() {
    let registry = Registry::new();
    let collector = || Box::new(PrometheusCollector::new(Store::new()).unwrap());
    registry.register(collector()).unwrap();
    assert!(registry.register(collector()).is_err());
}

#[test]
fn labels_that_are_written_alike_are_joined() {
    let store = Store::new();
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        out(Sample::gauge(&Descriptor::new("level", "", ""), &[("a.b", "1"), ("a_b", "2")], 1_u64));
    });
    let registry = Registry::new();
    registry.register(Box::new(PrometheusCollector::new(store).unwrap())).unwrap();
    let families = registry.gather();
    let level = families.iter().find(|family| family.name() == "level").unwrap();
    let labels = level.get_metric()[0].get_label();
    assert_eq!((labels.len(), labels[0].name(), labels[0].value()), (1, "a_b", "1;2"));
}

#[test]
fn a_store_shows_the_counters_and_gauges_of_a_registry() {
    let registry = Registry::new();
    let mails = IntCounterVec::new(Opts::new("mails_total", "Mails."), &["to", "why"]).unwrap();
    registry.register(Box::new(mails.clone())).unwrap();
    mails.with_label_values(&["a b", "x\"\n\\ 9"]).inc_by(3);
    mails.with_label_values(&["c", ""]).inc_by(1 << 40);
    let heat = Gauge::new("heat", "Heat.").unwrap();
    registry.register(Box::new(heat.clone())).unwrap();
    heat.set(-0.1);
    let store = Store::new();
    store.collector(PrometheusRegistry::new(registry));
    let snapshot = store.snapshot();
    assert_eq!(snapshot.value("mails_total", &[("to", "a b"), ("why", "x\"\n\\ 9")]), Some(3.0));
    assert_eq!(snapshot.value("mails_total", &[("to", "c")]), Some((1_u64 << 40) as f64));
    assert_eq!(snapshot.value("heat", &[]), Some(-0.1));
    assert_eq!(snapshot.value(names::metric::SAMPLES_REFUSED.name, &[]), Some(0.0));

    let mut page = String::new();
    text::encode(&snapshot, &mut page);
    assert!(page.contains("# HELP mails_total Mails.\n# TYPE mails_total counter\n"));
    for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
        heat.set(infinite);
        assert_eq!(store.snapshot().value("heat", &[]), Some(infinite));
    }
    heat.set(f64::NAN);
    assert!(store.snapshot().value("heat", &[]).unwrap().is_nan());
}

#[test]
fn a_store_shows_the_histograms_of_a_registry_as_that_would_write_them() {
    let registry = Registry::new();
    let options = HistogramOpts::new("wait_seconds", "Wait.").buckets(vec![-1.0, 0.25, 2.5]);
    let wait = HistogramVec::new(options, &["queue"]).unwrap();
    registry.register(Box::new(wait.clone())).unwrap();
    for seconds in [0.25, 0.5, 100.0, -0.5, -7.0] {
        wait.with_label_values(&["mails"]).observe(seconds);
    }
    wait.with_label_values(&["none \"\n"]);
    let theirs = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();

    let store = Store::new();
    store.collector(PrometheusRegistry::new(registry));
    let snapshot = store.snapshot();
    let told = snapshot.histogram("wait_seconds", &[("queue", "mails")]).unwrap();
    assert_eq!((told.buckets(), told.sum()), (&[1, 2, 1, 1][..], 93.25));
    let mut ours = String::new();
    text::encode(&snapshot, &mut ours);
    let ours: String = ours.split_inclusive('\n').filter(|line| line.contains("wait_seconds")).collect();
    assert_eq!(ours, theirs);

    let mut page = String::new();
    openmetrics::encode(&snapshot, &mut page);
    let families = tower_telemetry_testing::openmetrics::parse(&page).unwrap();
    assert!(families.iter().any(|family| family.name == "wait_seconds"));
    assert!(!page.contains("wait_seconds_sum"), "beside negative bounds a sum is no counter");
}

/// The crate has the type, and no instrument of it.
struct Quantiles(Desc);

impl Collector for Quantiles {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.0]
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let quantile = |place, number| {
            let mut quantile = Quantile::default();
            quantile.set_quantile(place);
            quantile.set_value(number);
            quantile
        };
        let mut summary = Summary::default();
        summary.set_sample_count(7);
        summary.set_sample_sum(3.5);
        summary.set_quantile(vec![quantile(0.5, 0.25), quantile(0.99, 2.0)]);
        let mut metric = Metric::default();
        metric.set_summary(summary);
        let mut family = MetricFamily::default();
        family.set_name("pause".to_owned());
        family.set_help("Pause.".to_owned());
        family.set_field_type(MetricType::SUMMARY);
        family.set_metric(vec![metric]);
        vec![family]
    }
}

#[test]
fn a_summary_goes_through_the_store_and_back_unchanged() {
    let registry = Registry::new();
    let desc = Desc::new("pause".to_owned(), "Pause.".to_owned(), vec![], HashMap::new()).unwrap();
    registry.register(Box::new(Quantiles(desc))).unwrap();
    let theirs = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    assert!(theirs.contains("pause{quantile=\"0.99\"} 2\npause_sum 3.5\npause_count 7\n"));

    let store = Store::new();
    store.collector(PrometheusRegistry::new(registry));
    let pause = |page: String| -> String {
        page.split_inclusive('\n').filter(|line| line.contains("pause")).collect()
    };
    let mut ours = String::new();
    text::encode(&store.snapshot(), &mut ours);
    assert_eq!(pause(ours), theirs);
    let mut page = String::new();
    openmetrics::encode(&store.snapshot(), &mut page);
    assert!(page.contains("# TYPE pause summary\npause{quantile=\"0.5\"} 0.25\n"), "{page}");
    tower_telemetry_testing::openmetrics::parse(&page).unwrap();

    let back = Registry::new();
    back.register(Box::new(PrometheusCollector::new(store).unwrap())).unwrap();
    assert_eq!(pause(TextEncoder::new().encode_to_string(&back.gather()).unwrap()), theirs);
}

#[test]
fn a_registry_shows_as_many_series_as_it_is_allowed() {
    let registry = Registry::new();
    let mails = IntCounterVec::new(Opts::new("mails", "Mails."), &["to"]).unwrap();
    registry.register(Box::new(mails.clone())).unwrap();
    for to in ["a", "b", "c"] {
        mails.with_label_values(&[to]).inc();
    }
    let store = Store::new();
    store.collector(PrometheusRegistry::new(registry).with_max_series(2));
    let snapshot = store.snapshot();
    assert_eq!(snapshot.total("mails", &[]), 2.0);
    assert_eq!(snapshot.value(names::metric::SAMPLES_REFUSED.name, &[]), Some(1.0));
}
