//! Everything a store holds, at one moment.

use super::family_snapshot::FamilySnapshot;
use super::series::Series;
use super::summary_value::SummaryValue;
use super::value::{HistogramValue, Value};

/// Plain data in a fixed order: families by name, series by their labels.
///
/// Encoders write it; tests ask it.
///
/// ```
/// use tower_telemetry_metrics::{Descriptor, Place, Store};
///
/// let store = Store::new();
/// let jobs = store.counter_family::<()>(Descriptor::new("shop.jobs", "{job}", "Jobs done."))?;
/// jobs.series(&(), Place::Known).add(3);
///
/// assert_eq!(store.snapshot().value("shop.jobs", &[]), Some(3.0));
/// # Ok::<(), tower_telemetry_metrics::RegisterError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    families: Vec<FamilySnapshot>,
}

impl Snapshot {
    /// The families, by name.
    pub fn families(&self) -> &[FamilySnapshot] {
        &self.families
    }

    /// The family of this dotted name.
    pub fn family(&self, name: &str) -> Option<&FamilySnapshot> {
        self.families.iter().find(|family| family.descriptor().name() == name)
    }

    /// The counter or gauge with exactly these labels, in any order. An integer label is asked by its digits.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        match self.exactly(name, labels)?.value() {
            Value::Counter(number) | Value::Gauge(number) => Some(number.as_f64()),
            Value::Histogram(_) | Value::Summary(_) => None,
        }
    }

    /// The histogram with exactly these labels, in any order.
    pub fn histogram(&self, name: &str, labels: &[(&str, &str)]) -> Option<HistogramValue<'_>> {
        match self.exactly(name, labels)?.value() {
            Value::Histogram(histogram) => Some(histogram),
            _ => None,
        }
    }

    /// The summary with exactly these labels, in any order.
    pub fn summary(&self, name: &str, labels: &[(&str, &str)]) -> Option<SummaryValue<'_>> {
        match self.exactly(name, labels)?.value() {
            Value::Summary(summary) => Some(summary),
            _ => None,
        }
    }

    /// All series that have at least these labels, added up: counters and gauges by value, histograms and summaries
    /// by count.
    pub fn total(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let series = self.family(name).into_iter().flat_map(FamilySnapshot::series);
        series
            .filter(|series| series.has(labels))
            .map(|series| match series.value() {
                Value::Counter(number) | Value::Gauge(number) => number.as_f64(),
                Value::Histogram(histogram) => histogram.count() as f64,
                Value::Summary(summary) => summary.count() as f64,
            })
            .sum()
    }

    pub(crate) fn new(families: Vec<FamilySnapshot>) -> Self {
        Self { families }
    }

    fn exactly(&self, name: &str, labels: &[(&str, &str)]) -> Option<Series<'_>> {
        self.family(name)?.series().find(|series| series.labels().len() == labels.len() && series.has(labels))
    }
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::{Bounds, Descriptor, LabelValue, Labels, Number, Place, Store};

    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Call(&'static str, u16);

    impl Labels for Call {
        const NAMES: &'static [&'static str] = &["method", "status"];

        fn value(&self, index: usize) -> Option<LabelValue> {
            match index {
                0 => Some(self.0.into()),
                _ => Some(self.1.into()),
            }
        }
    }

    fn calls() -> Snapshot {
        let store = Store::new();
        let calls = store.counter_family::<Call>(Descriptor::new("calls", "", "")).unwrap();
        calls.series(&Call("GET", 200), Place::Known).add(3);
        calls.series(&Call("GET", 500), Place::Known).add(2);
        calls.series(&Call("PUT", 200), Place::Known).add(1);
        let level = store.gauge_family::<()>(Descriptor::new("level", "", "")).unwrap();
        level.series(&(), Place::Known).set(-4);
        let bounds = Bounds::from_seconds(&[0.1, 1.0]).unwrap();
        let wait = store.histogram_family::<Call>(Descriptor::new("wait", "s", ""), bounds).unwrap();
        for millis in [50, 500, 600, 5000] {
            wait.series(&Call("GET", 200), Place::Known).record(Duration::from_millis(millis));
        }
        store.snapshot()
    }

    #[test]
    fn a_value_is_found_by_exactly_its_labels() {
        let snapshot = calls();
        assert_eq!(snapshot.value("calls", &[("status", "200"), ("method", "GET")]), Some(3.0));
        assert_eq!(snapshot.value("calls", &[("method", "GET")]), None);
        assert_eq!(snapshot.value("calls", &[("method", "GET"), ("status", "404")]), None);
        assert_eq!(snapshot.value("level", &[]), Some(-4.0));
        assert_eq!(snapshot.value("wait", &[("method", "GET"), ("status", "200")]), None);
        assert_eq!(snapshot.value("other", &[]), None);
    }

    #[test]
    fn a_total_adds_up_what_has_at_least_the_labels() {
        let snapshot = calls();
        assert_eq!(snapshot.total("calls", &[]), 6.0);
        assert_eq!(snapshot.total("calls", &[("method", "GET")]), 5.0);
        assert_eq!(snapshot.total("wait", &[("status", "200")]), 4.0);
        assert_eq!(snapshot.total("other", &[]), 0.0);
    }

    #[test]
    fn a_histogram_tells_buckets_count_and_sum() {
        let snapshot = calls();
        let wait = snapshot.histogram("wait", &[("method", "GET"), ("status", "200")]).unwrap();
        assert_eq!((wait.bounds(), wait.buckets()), (&[0.1, 1.0][..], &[1, 2, 1][..]));
        assert_eq!((wait.count(), wait.sum()), (4, 6.15));
        assert!(snapshot.histogram("calls", &[("method", "GET"), ("status", "200")]).is_none());
    }

    #[test]
    fn a_value_tells_its_kind_and_keeps_its_number() {
        let snapshot = calls();
        let first = |name| snapshot.family(name).unwrap().series().next().unwrap().value();
        assert_eq!(first("calls"), Value::Counter(Number::Unsigned(3)));
        assert_eq!(first("level"), Value::Gauge(Number::Signed(-4)));
        assert_eq!(snapshot.family("wait").unwrap().bounds(), [0.1, 1.0]);
        assert!(snapshot.family("calls").unwrap().bounds().is_empty());
    }

    #[test]
    fn families_come_by_name() {
        let snapshot = calls();
        let names: Vec<&str> = snapshot.families().iter().map(|family| family.descriptor().name()).collect();
        let own = ["deprecated.info", "samples.refused", "series.refused", "values.refused"];
        let own = own.map(|name| format!("tower_telemetry.{name}"));
        assert_eq!(names, ["calls", "level", &own[0], &own[1], &own[2], &own[3], "wait"]);
    }
}
