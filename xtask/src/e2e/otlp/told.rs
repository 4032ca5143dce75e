//! What the receiver told of: the newest point of each series, the spans, and the log records.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::e2e::shop::SpanIds;

/// All exports so far.
#[derive(Debug, Default)]
pub(crate) struct Told {
    newest: BTreeMap<Series, Point>,
    pub(crate) spans: HashSet<SpanIds>,
    /// How many log records came.
    pub(crate) records: u64,
    /// The spans that they name.
    pub(crate) named: HashSet<SpanIds>,
    /// Points that no receiver can add up, in a few words each.
    pub(crate) wrong: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Series {
    name: String,
    attributes: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Point {
    /// Nanoseconds since 1970: exports may overtake each other.
    time: u64,
    /// The sum, or the count of a histogram.
    value: f64,
}

impl Told {
    /// Adds an export, as the listener writes it; whether it was one.
    pub(crate) fn add(&mut self, line: &str) -> bool {
        let Ok(export) = serde_json::from_str::<Value>(line) else { return false };
        let list = |key: &str| export.get(key).and_then(Value::as_array);
        let (points, spans, records) = (list("points"), list("spans"), list("records"));
        for point in points.into_iter().flatten() {
            if self.point(point).is_none() {
                self.wrong.push(format!("the listener tells of {point}"));
            }
        }
        self.spans.extend(spans.into_iter().flatten().filter_map(ids));
        for record in records.into_iter().flatten() {
            self.record(record);
        }
        points.or(spans).or(records).is_some()
    }

    /// The sum over all series of a metric that have this attribute; none where there is no such series.
    pub(crate) fn total(&self, metric: &str, attribute: Option<(&str, &str)>) -> Option<f64> {
        let has = |series: &Series| {
            attribute.is_none_or(|(key, value)| series.attributes.get(key).is_some_and(|has| has == value))
        };
        let series = self.newest.iter().filter(|(series, _)| series.name == metric && has(series));
        series.map(|(_, point)| point.value).reduce(|sum, value| sum + value)
    }

    fn record(&mut self, record: &Value) {
        let text = |key: &str| record.get(key).and_then(Value::as_str);
        self.records += 1;
        let is_whole = text("service") == Some("shop")
            && known(text("scope"))
            && known(text("body"))
            && record.get("severity").and_then(Value::as_u64).is_some_and(|severity| severity > 0);
        if !is_whole || (known(text("trace")) && !known(text("span"))) {
            self.wrong.push(format!("a log record is not whole: {record}"));
        }
        self.named.extend(ids(record).filter(|ids| !ids.trace.is_empty()));
    }

    fn point(&mut self, point: &Value) -> Option<()> {
        let name = point.get("name")?.as_str()?.to_owned();
        let value = point.get("value")?.as_f64()?;
        let time = point.get("time")?.as_u64()?;
        let attributes = point.get("attributes")?.as_object()?.iter();
        let attributes = attributes
            .map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect::<Option<_>>()?;
        if point.get("service").and_then(Value::as_str) != Some("shop") {
            self.wrong.push(format!("{name} is of no service, or of another: {point}"));
        }
        if !point.get("cumulative")?.as_bool()? {
            self.wrong.push(format!("{name} is a delta, which nobody asked for"));
        }
        if point.get("in_buckets").is_some_and(|counts| counts.as_f64() != Some(value)) {
            self.wrong.push(format!("the buckets of {name} do not add up: {point}"));
        }
        let newest = self.newest.entry(Series { name, attributes }).or_insert(Point { time, value });
        if time >= newest.time {
            *newest = Point { time, value };
        }
        Some(())
    }
}

fn known(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

fn ids(span: &Value) -> Option<SpanIds> {
    let text = |key: &str| span.get(key)?.as_str().map(str::to_owned);
    Some(SpanIds { trace: text("trace")?, span: text("span")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(points: &[(u64, &str, u64, u64)]) -> Told {
        let mut told = Told::default();
        for (time, ending, value, in_buckets) in points {
            assert!(told.add(&format!(
                r#"{{"points": [{{"service": "shop", "name": "a", "cumulative": true, "time": {time},
                "attributes": {{"ending": "{ending}"}}, "value": {value}, "in_buckets": {in_buckets}}}]}}"#
            )));
        }
        told
    }

    #[test]
    fn the_newest_point_of_each_series_counts_whichever_came_last() {
        let told = told(&[(2, "complete", 7, 7), (1, "complete", 3, 3), (1, "failed", 2, 2)]);
        assert_eq!(told.total("a", None), Some(9.0));
        assert_eq!(told.total("a", Some(("ending", "complete"))), Some(7.0));
        assert_eq!(told.total("a", Some(("ending", "dropped"))), None);
        assert_eq!(told.total("b", None), None);
        assert!(told.wrong.is_empty());
    }

    #[test]
    fn what_cannot_be_added_up_is_wrong() {
        assert_eq!(told(&[(1, "complete", 7, 6)]).wrong.len(), 1);
        let mut told = Told::default();
        assert!(told.add(
            r#"{"points": [{"service": "a", "name": "a", "cumulative": false, "time": 1, "attributes": {}, "value": 1}]}"#
        ));
        assert!(told.add(r#"{"points": [{"name": "a"}]}"#));
        assert_eq!(told.wrong.len(), 3, "{:?}", told.wrong);
    }

    #[test]
    fn log_records_are_counted_and_those_that_are_not_whole_are_wrong() {
        let mut told = Told::default();
        let record = |trace: &str, body: &str| {
            format!(
                r#"{{"records": [{{"trace": "{trace}", "span": "{trace}", "request": null, "service": "shop",
                "scope": "a", "severity": 9, "body": "{body}"}}]}}"#
            )
        };
        assert!(told.add(&record("a", "b")) && told.add(&record("", "b")));
        assert_eq!((told.records, told.named.len(), told.wrong.len()), (2, 1, 0));
        assert!(told.add(&record("a", "")));
        assert_eq!(told.wrong.len(), 1);
    }

    #[test]
    fn spans_are_collected_and_a_log_line_is_no_export() {
        let mut told = Told::default();
        assert!(told.add(r#"{"spans": [{"trace": "a", "span": "b"}]}"#));
        assert!(!told.add("Traceback (most recent call last):"));
        assert!(!told.add("4318"));
        assert_eq!(told.spans, HashSet::from([SpanIds { trace: "a".to_owned(), span: "b".to_owned() }]));
    }
}
