//! A metric, to be asserted on.

use tower_telemetry_metrics::{FamilySnapshot, Series, Snapshot, Value};

use super::fail::{fail, listed};

/// What the name of Prometheus may have behind that of OpenTelemetry.
const SUFFIXES: &[&str] = &["", "_seconds", "_milliseconds", "_bytes", "_ratio", "_percent"];

/// The series of a metric that have some labels, as they stood when it was asked for.
#[derive(Clone, Debug)]
pub struct TestMetric {
    name: String,
    snapshot: Snapshot,
    family: String,
    labels: Vec<(String, String)>,
}

impl TestMetric {
    #[track_caller]
    pub(super) fn find(name: &str, snapshot: Snapshot) -> Self {
        let found = snapshot.families().iter().find(|family| is_called(family, name));
        let Some(family) = found.map(|family| family.descriptor().name().to_owned()) else {
            let names = snapshot.families().iter().map(|family| family.descriptor().name().to_owned());
            fail(&format!("no metric is called {name:?}; there are:{}", listed(names, "none")))
        };
        Self { name: name.to_owned(), snapshot, family, labels: Vec::new() }
    }

    /// Only the series that have this label, with this value as text. A name may be of OpenTelemetry or of Prometheus:
    /// `http.route` or `http_route`.
    #[must_use]
    pub fn with(mut self, label: &str, value: impl ToString) -> Self {
        self.labels.push((label.replace('.', "_"), value.to_string()));
        self
    }

    /// How often something was recorded in all these series: the count of histograms, the sum of counters. 0 where
    /// there is no such series.
    #[must_use]
    pub fn count(&self) -> u64 {
        let count = |series: Series<'_>| match series.value() {
            Value::Histogram(histogram) => histogram.count(),
            Value::Counter(number) | Value::Gauge(number) => number.as_f64().max(0.0) as u64,
            _ => 0,
        };
        self.matching().map(count).sum()
    }

    /// The sum over all these series: of counters and gauges their values, of histograms what was recorded.
    #[must_use]
    pub fn value(&self) -> f64 {
        let value = |series: Series<'_>| match series.value() {
            Value::Histogram(histogram) => histogram.sum(),
            Value::Counter(number) | Value::Gauge(number) => number.as_f64(),
            _ => 0.0,
        };
        self.matching().map(value).sum()
    }

    /// Asserts how often something was recorded.
    ///
    /// # Panics
    /// If it was another number; the message lists the series.
    #[track_caller]
    pub fn has_count(&self, expected: u64) -> &Self {
        let found = self.count();
        if found != expected {
            fail(&format!("{self} counts {found}, not {expected}; its series are:{}", self.list()));
        }
        self
    }

    /// Asserts the sum of the values.
    ///
    /// # Panics
    /// If it is another; the message lists the series.
    #[track_caller]
    pub fn has_value(&self, expected: f64) -> &Self {
        let found = self.value();
        if (found - expected).abs() > f64::EPSILON * expected.abs().max(1.0) {
            fail(&format!("{self} is {found}, not {expected}; its series are:{}", self.list()));
        }
        self
    }

    fn all(&self) -> impl Iterator<Item = Series<'_>> {
        self.snapshot.family(&self.family).into_iter().flat_map(FamilySnapshot::series)
    }

    fn matching(&self) -> impl Iterator<Item = Series<'_>> {
        self.all().filter(|series| {
            self.labels.iter().all(|(name, value)| {
                let mut labels = series.labels().iter();
                labels.any(|label| {
                    label.name().replace('.', "_") == *name && label.value().with_str(|text| text == value)
                })
            })
        })
    }

    /// Every series of the metric, whatever its labels.
    fn list(&self) -> String {
        let one = |series: Series<'_>| {
            let label = |label: &tower_telemetry_metrics::Label| {
                format!("{}={:?}", label.name(), label.value().with_str(str::to_owned))
            };
            let labels: Vec<String> = series.labels().iter().map(label).collect();
            let value = match series.value() {
                Value::Histogram(histogram) => format!("{} of {}", histogram.count(), histogram.sum()),
                Value::Counter(number) | Value::Gauge(number) => number.as_f64().to_string(),
                _ => "a summary".to_owned(),
            };
            format!("{{{}}} {value}", labels.join(", "))
        };
        listed(self.all().map(one), "none")
    }
}

impl std::fmt::Display for TestMetric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the metric {}", self.name)?;
        for (name, value) in &self.labels {
            write!(f, " with {name}={value:?}")?;
        }
        Ok(())
    }
}

/// Whether a family has this name, as OpenTelemetry writes it or as Prometheus does.
fn is_called(family: &FamilySnapshot, name: &str) -> bool {
    let own = family.descriptor().name();
    if name == own {
        return true;
    }
    let stem = own.replace('.', "_");
    let Some(rest) = name.strip_prefix(&*stem) else { return false };
    let rest = rest.strip_suffix("_total").unwrap_or(rest);
    SUFFIXES.contains(&rest)
}
