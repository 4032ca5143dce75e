//! The text page, read back by a parser that shares no code with the encoder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;
use tower_telemetry_metrics::{Bounds, Descriptor, LabelValue, Labels, Place, Sample, Store, expose::text};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Call {
    method: &'static str,
    route: Option<&'static str>,
    status: u16,
}

impl Labels for Call {
    const NAMES: &'static [&'static str] =
        &["http.request.method", "http.route", "http.response.status_code"];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.method.into()),
            1 => self.route.map(LabelValue::from),
            _ => Some(self.status.into()),
        }
    }
}

fn page(store: &Store) -> String {
    let mut page = String::new();
    text::encode(&store.snapshot(), &mut page);
    page
}

#[test]
fn a_page_is_written_to_the_letter() {
    let store = Store::new();
    let duration = Descriptor::new("http.server.request.duration", "s", "Duration of HTTP server requests.");
    let bounds = Bounds::from_seconds(&[0.005, 1.0, 2.5]).unwrap();
    let duration = store.histogram_family::<Call>(duration, bounds).unwrap();
    let found =
        duration.series(&Call { method: "GET", route: Some("/users/{id}"), status: 200 }, Place::Known);
    [5, 6, 1000, 9000].into_iter().for_each(|millis| found.record(Duration::from_millis(millis)));
    let lost = duration.series(&Call { method: "GET", route: None, status: 404 }, Place::Wire);
    lost.record(Duration::from_micros(1500));
    let active = Descriptor::new("http.server.active_requests", "{request}", "Requests \\ in\nflight.");
    store.gauge_family::<()>(active).unwrap().series(&(), Place::Known).set(-1);
    store.counter_family::<()>(Descriptor::new("never.used", "By", "No series, no lines.")).unwrap();
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        let cpu = Descriptor::new("process.cpu.time", "s", "");
        out(Sample::counter(&cpu, &[("cpu.mode", "a\"b\\c\nd")], 12.5));
    });

    let expected = r##"# HELP http_server_active_requests Requests \\ in\nflight.
# TYPE http_server_active_requests gauge
http_server_active_requests -1
# HELP http_server_request_duration_seconds Duration of HTTP server requests.
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="404",le="0.005"} 1
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="404",le="1"} 1
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="404",le="2.5"} 1
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="404",le="+Inf"} 1
http_server_request_duration_seconds_sum{http_request_method="GET",http_response_status_code="404"} 0.0015
http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="404"} 1
http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/users/{id}",http_response_status_code="200",le="0.005"} 1
http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/users/{id}",http_response_status_code="200",le="1"} 3
http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/users/{id}",http_response_status_code="200",le="2.5"} 3
http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/users/{id}",http_response_status_code="200",le="+Inf"} 4
http_server_request_duration_seconds_sum{http_request_method="GET",http_route="/users/{id}",http_response_status_code="200"} 10.011
http_server_request_duration_seconds_count{http_request_method="GET",http_route="/users/{id}",http_response_status_code="200"} 4
# TYPE process_cpu_time_seconds_total counter
process_cpu_time_seconds_total{cpu_mode="a\"b\\c\nd"} 12.5
# HELP tower_telemetry_samples_refused_total Samples of collectors that could not be told: a name or labels that another has.
# TYPE tower_telemetry_samples_refused_total counter
tower_telemetry_samples_refused_total 0
# HELP tower_telemetry_series_refused_total Lookups that a full family sent to its overflow series.
# TYPE tower_telemetry_series_refused_total counter
tower_telemetry_series_refused_total{family="http.server.active_requests"} 0
tower_telemetry_series_refused_total{family="http.server.request.duration"} 0
tower_telemetry_series_refused_total{family="never.used"} 0
# HELP tower_telemetry_values_refused_total Recordings that no value can take: NaN, which never leaves one that it has entered, and what would lower a sum.
# TYPE tower_telemetry_values_refused_total counter
tower_telemetry_values_refused_total 0
"##;
    assert_eq!(page(&store), expected);
    parse(expected).unwrap();
}

#[test]
fn the_overflow_series_is_on_the_page() {
    let store = Store::new();
    let calls = Descriptor::new("calls", "", "").with_max_series(2);
    let calls = store.counter_family::<Call>(calls).unwrap();
    for status in 0..5 {
        calls.series(&Call { method: "GET", route: None, status }, Place::Wire).increment();
    }
    let page = page(&store);
    assert!(page.contains("calls_total{otel_metric_overflow=\"true\"} 4\n"), "{page}");
    assert!(page.contains("tower_telemetry_series_refused_total{family=\"calls\"} 4\n"), "{page}");
}

#[test]
fn label_names_that_collide_are_joined() {
    let store = Store::new();
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        let info = Descriptor::new("target.info", "", "");
        out(Sample::gauge(&info, &[("a_b", "2"), ("c", "3"), ("a.b", "1")], 1_u64));
    });
    let page = page(&store);
    assert!(page.contains("target_info{a_b=\"1;2\",c=\"3\"} 1\n"), "{page}");
}

proptest! {
    #[test]
    fn hostile_texts_stay_within_their_line(
        samples in prop::collection::vec(
            (hostile(), hostile(), hostile(), prop::collection::vec((hostile(), hostile()), 0..4), any::<f64>()),
            0..6,
        )
    ) {
        let store = Store::new();
        let told = samples.clone();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            for (name, unit, help, labels, number) in &told {
                let descriptor = Descriptor::from_owned(name.clone(), unit.clone(), help.clone());
                let labels: Vec<_> =
                    labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                out(Sample::gauge(&descriptor, &labels, *number));
            }
        });
        let snapshot = store.snapshot();
        let mut page = String::new();
        text::encode(&snapshot, &mut page);
        let parsed = parse(&page).map_err(TestCaseError::fail)?;
        let expected: usize = snapshot.families().iter().map(|family| family.series().len()).sum();
        prop_assert_eq!(parsed.len(), expected);
    }

    #[test]
    fn a_hostile_value_reads_back_as_it_was(value in hostile(), number in any::<f64>()) {
        prop_assume!(!value.is_empty());
        let store = Store::new();
        let told = value.clone();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&Descriptor::new("info", "", ""), &[("text", &told)], number));
        });
        let parsed = parse(&page(&store)).map_err(TestCaseError::fail)?;
        let line = parsed.iter().find(|line| line.name == "info").expect("the sample");
        prop_assert_eq!(&line.labels["text"], &value);
        prop_assert!(line.value == number || line.value.is_nan() && number.is_nan());
    }
}

/// Mostly the characters that mean something in the format.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(
            prop::sample::select(vec![
                '\\', '"', '\n', '\r', '{', '}', ',', '=', ' ', '#', 'n', '_', '.', 'a', '1', 'é'
            ]),
            0..8
        )
        .prop_map(|chars| chars.into_iter().collect()),
        any::<String>(),
    ]
}

#[derive(Debug)]
struct Line {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

/// Reads a page as the format describes it, and complains as `promtool check metrics` does: a family has one
/// `TYPE`, stands in one piece and ends as its kind demands; a series stands once; buckets grow and end in `+Inf`.
fn parse(page: &str) -> Result<Vec<Line>, String> {
    if !page.ends_with('\n') {
        return Err("the last line has no end".into());
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut kinds: HashMap<String, String> = HashMap::new();
    let mut current: Option<(String, String)> = None;
    let mut seen = HashSet::new();
    let mut helped: Option<String> = None;
    for text in page.strip_suffix('\n').unwrap().split('\n') {
        let complain = |what: &str| Err(format!("{what}: {text:?}"));
        if let Some(help) = text.strip_prefix("# HELP ") {
            helped = Some(help.split(' ').next().unwrap().to_owned());
            continue;
        }
        if let Some(kind) = text.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').ok_or("no kind")?;
            if helped.take().is_some_and(|helped| helped != name) {
                return complain("HELP of another family");
            }
            if !["counter", "gauge", "histogram"].contains(&kind) {
                return complain("unknown kind");
            }
            if (kind == "counter") != name.ends_with("_total") && kind != "gauge" {
                return complain("a counter and only a counter ends in _total");
            }
            if kinds.insert(name.to_owned(), kind.to_owned()).is_some() {
                return complain("second TYPE");
            }
            current = Some((name.to_owned(), kind.to_owned()));
            continue;
        }
        let line = sample(text)?;
        let Some((family, kind)) = &current else { return complain("no TYPE before") };
        let suffix = line.name.strip_prefix(family.as_str()).ok_or(format!("foreign sample: {text:?}"))?;
        let fits = match kind.as_str() {
            "histogram" => ["_bucket", "_sum", "_count"].contains(&suffix),
            _ => suffix.is_empty(),
        };
        if !fits || (suffix == "_bucket") != line.labels.contains_key("le") && kind == "histogram" {
            return complain("sample does not fit its kind");
        }
        if !seen.insert((line.name.clone(), line.labels.clone())) {
            return complain("series told twice");
        }
        if suffix == "_count" && kind == "histogram" {
            buckets_agree(&lines, &line, family)?;
        }
        lines.push(line);
    }
    Ok(lines)
}

fn buckets_agree(lines: &[Line], count: &Line, family: &str) -> Result<(), String> {
    let buckets = lines.iter().filter(|line| line.name == format!("{family}_bucket"));
    let own: Vec<(f64, f64)> = buckets
        .filter(|line| {
            let mut labels = line.labels.clone();
            labels.remove("le");
            labels == count.labels
        })
        .map(|line| (line.labels["le"].parse().unwrap(), line.value))
        .collect();
    if !own.is_sorted_by(|one, other| one.0 < other.0 && one.1 <= other.1) {
        return Err(format!("buckets do not grow: {own:?}"));
    }
    if own.last() != Some(&(f64::INFINITY, count.value)) {
        return Err(format!("the last bucket is not the count: {own:?} {count:?}"));
    }
    Ok(())
}

fn sample(text: &str) -> Result<Line, String> {
    let complain = |what: &str| Err(format!("{what}: {text:?}"));
    let end = text.find(['{', ' ']).ok_or(format!("no value: {text:?}"))?;
    let (name, mut rest) = text.split_at(end);
    if !is_name(name, ":") {
        return complain("bad metric name");
    }
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").ok_or(format!("no value: {text:?}"))?;
            if !is_name(label, "") || label.starts_with("__") {
                return complain("bad label name");
            }
            let (value, after) = quoted(after).ok_or(format!("quote left open: {text:?}"))?;
            if labels.insert(label.to_owned(), value).is_some() {
                return complain("label given twice");
            }
            rest = after.strip_prefix(',').filter(|after| !after.starts_with('}')).unwrap_or(after);
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').ok_or(format!("no blank before the value: {text:?}"))?;
    let value = value.parse().map_err(|_| format!("no number: {text:?}"))?;
    Ok(Line { name: name.to_owned(), labels, value })
}

fn is_name(name: &str, also: &str) -> bool {
    let starts = |char: char| char.is_ascii_alphabetic() || char == '_' || also.contains(char);
    name.starts_with(starts) && name.chars().all(|char| starts(char) || char.is_ascii_digit())
}

/// The text up to the closing quote, unescaped, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                char @ ('\\' | '"') => char,
                _ => return None,
            }),
            '\n' => return None,
            char => value.push(char),
        }
    }
    None
}
