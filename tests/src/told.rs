//! What each window says of an exchange, as a [`Sentence`] that can be compared.

use std::time::Duration;

use opentelemetry_sdk::trace::SpanData;
use serde_json::Value;
use tower_telemetry::metrics::{FamilySnapshot, Label, Snapshot, Value as MetricValue};
use tower_telemetry::{Ending, Verdict};
use tower_telemetry_testing::Sentence;

use crate::captured::Line;

/// An attribute of a span as text, if the span has it.
#[must_use]
pub fn attribute(span: &SpanData, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == key)?;
    Some(found.value.as_str().into_owned())
}

/// What a span says.
#[must_use]
pub fn of_span(span: &SpanData) -> Sentence {
    let text = |key| attribute(span, key);
    let is_grpc = text("rpc.system.name").is_some();
    let sentence = Sentence::new()
        .route(text("http.route").or_else(|| text("url.template")).or_else(|| text("rpc.method")))
        .grpc(text("rpc.status_code"))
        .error_type(text("error.type"))
        .ending(ending(&text("tower_telemetry.ending").expect("a span tells its ending")))
        .verdict(verdict(&text("tower_telemetry.verdict").expect("a span tells its verdict")))
        .request_id(text("tower_telemetry.request_id"))
        .duration(span.end_time.duration_since(span.start_time).expect("a span ends after its start"));
    // Of a gRPC call, the conventions want the gRPC status alone.
    if is_grpc { sentence } else { sentence.status(text("http.response.status_code").map(number)) }
}

/// What an access line says.
#[must_use]
pub fn of_line(line: &Line) -> Sentence {
    let millis = line.get("duration_ms").and_then(Value::as_f64).expect("a line tells its duration");
    let text = |key| line.text(key).map(str::to_owned);
    let sentence = Sentence::new()
        .route(text("http.route").or_else(|| text("url.template")).or_else(|| text("rpc.method")))
        .grpc(text("rpc.status_code"))
        .error_type(text("error.type"))
        .ending(ending(line.text("ending").expect("a line tells its ending")))
        .verdict(verdict(line.text("verdict").expect("a line tells its verdict")))
        .request_id(text("request_id"))
        .duration(Duration::from_secs_f64(millis / 1e3));
    let status = line.get("http.response.status_code").map(|status| number(status.to_string()));
    if line.text("protocol") == Some("http") { sentence.status(status) } else { sentence }
}

/// What the metrics say of the only exchange of this side.
#[must_use]
pub fn of_metrics(snapshot: &Snapshot, side: &str) -> Sentence {
    let ended = snapshot.family("tower_telemetry.exchanges.ended").expect("a family of the window");
    let ended = only(ended, |labels| label(labels, "side").as_deref() == Some(side));
    let (ended, _) = ended.expect("one exchange of this side has ended");
    let is_grpc = label(&ended, "protocol").as_deref() != Some("http");
    let (kind, noun) = if is_grpc { ("rpc", "call") } else { ("http", "request") };
    let family = snapshot.family(&format!("{kind}.{side}.{noun}.duration")).expect("a family of the window");
    let (labels, sum) = only(family, |_| true).expect("one exchange was timed");
    let text = |name| label(&labels, name);
    let sentence = Sentence::new()
        .route(text("http.route").or_else(|| text("url.template")).or_else(|| text("rpc.method")))
        .grpc(text("rpc.status_code"))
        .error_type(text("error.type"))
        .ending(ending(&label(&ended, "ending").expect("a label of the family")))
        .verdict(verdict(&label(&ended, "verdict").expect("a label of the family")))
        .duration(Duration::from_secs_f64(sum));
    if is_grpc { sentence } else { sentence.status(text("http.response.status_code").map(number)) }
}

/// A sentence as one line of a table: route, status, gRPC status, error type, ending and verdict.
#[must_use]
pub fn sentence(sentence: &Sentence) -> String {
    let text = |said: Option<&Option<String>>| said.cloned().flatten().unwrap_or_else(|| "-".into());
    let status = sentence.status.as_option().copied().flatten();
    format!(
        "{} {} {} {} {} {}",
        text(sentence.route.as_option()),
        status.map_or_else(|| "-".into(), |status| status.to_string()),
        text(sentence.grpc.as_option()),
        text(sentence.error_type.as_option()),
        sentence.ending.as_option().map_or("-", |ending| ending.as_str()),
        sentence.verdict.as_option().map_or("-", |verdict| verdict.as_str()),
    )
}

/// The one series that fits and has a recording: its labels, and its value or sum.
fn only(family: &FamilySnapshot, fits: impl Fn(&[Label]) -> bool) -> Option<(Vec<Label>, f64)> {
    let mut found = family.series().filter(|series| fits(series.labels())).map(|series| {
        let value = match series.value() {
            MetricValue::Counter(number) | MetricValue::Gauge(number) => number.as_f64(),
            MetricValue::Histogram(histogram) if histogram.count() == 1 => histogram.sum(),
            other => panic!("one recording, not {other:?}"),
        };
        (series.labels().to_vec(), value)
    });
    let first = found.next();
    assert!(found.next().is_none(), "one series of {}", family.descriptor().name());
    first
}

fn label(labels: &[Label], name: &str) -> Option<String> {
    let found = labels.iter().find(|label| label.name() == name)?;
    Some(found.value().with_str(str::to_owned))
}

fn number(text: impl AsRef<str>) -> u16 {
    text.as_ref().parse().expect("a status is a number")
}

fn ending(text: &str) -> Ending {
    Ending::ALL.into_iter().find(|ending| ending.as_str() == text).expect("an ending")
}

fn verdict(text: &str) -> Verdict {
    Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == text).expect("a verdict")
}
