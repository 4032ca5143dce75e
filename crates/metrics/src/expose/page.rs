//! A page of text, family by family.

use super::escaping::Naked;
use super::format::{Created, Format, Syntax};
use super::head::Head;
use super::label_names::LabelNames;
use super::naming::Naming;
use super::sample_name::LineLabels;
use super::series::SeriesWriter;
use super::{sample_name, unit};
use crate::store::{FamilySnapshot, Kind, Snapshot, Value};

/// What the text formats differ in, beside names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Prometheus text.
    Text,
    /// OpenMetrics 1.0.
    OpenMetrics(Created),
}

/// Appends the page to `out`. A format that is no text is written as text 0.0.4.
pub(crate) fn encode(snapshot: &Snapshot, format: Format, out: &mut String) {
    let dialect = match format.syntax() {
        Syntax::OpenMetrics => Dialect::OpenMetrics(format.created()),
        Syntax::Text0 | Syntax::Text1 | Syntax::Protobuf => Dialect::Text,
    };
    let naming = format.naming();
    let families = || snapshot.families().iter().filter(|family| family.series().len() > 0);
    let target = families().find(|family| dialect != Dialect::Text && is_target_info(family, snapshot));
    if let Some(target) = target {
        encode_info(target, naming, dialect, out);
    }
    for family in families().filter(|family| target.is_none_or(|target| !std::ptr::eq(*family, target))) {
        encode_family(family, naming, dialect, out);
    }
    if dialect != Dialect::Text {
        out.push_str("# EOF\n");
    }
}

fn encode_family(family: &FamilySnapshot, naming: Naming, dialect: Dialect, out: &mut String) {
    let metric = naming.metric(family.descriptor(), family.kind());
    let name = match (dialect, family.kind()) {
        (Dialect::OpenMetrics(_), Kind::Counter) => metric.strip_suffix("_total").unwrap_or(&metric),
        _ => &metric,
    };
    let unit = unit::suffix(family.descriptor().unit());
    let head = Head { name, kind: family.kind().as_str(), unit: &unit, help: family.descriptor().help() };
    head.write(dialect, out);
    encode_series(family, SeriesWriter::new(name, &metric, family, dialect), naming, out);
}

/// OpenMetrics has a type for what never changes: the one family of it that OpenTelemetry defines is the resource.
/// The standard wants it first.
fn encode_info(family: &FamilySnapshot, naming: Naming, dialect: Dialect, out: &mut String) {
    let metric = naming.metric(family.descriptor(), family.kind());
    let name = metric.strip_suffix("_info").unwrap_or(&metric);
    Head { name, kind: "info", unit: "", help: family.descriptor().help() }.write(dialect, out);
    encode_series(family, SeriesWriter::new(name, &metric, family, dialect), naming, out);
}

fn encode_series(family: &FamilySnapshot, writer: SeriesWriter, naming: Naming, out: &mut String) {
    let spelled = |name: &str| format!("{}=\"", sample_name::spelled(&naming.label(name), Naked::Label));
    let mut names = LabelNames::new(spelled);
    let (mut scratch, mut labels) = (String::new(), Vec::new());
    let (start, series) = (out.len(), family.series().len());
    for (index, one) in family.series().enumerate() {
        // What is kept from page to page has the names that nearly everybody gets, none of them in quotes.
        if !matches!(family.kind(), Kind::Histogram | Kind::Summary) && naming.has_plain_names() {
            let text = one.label_text(|labels| {
                scratch.clear();
                names.write(labels, &mut scratch);
                sample_name::closed(&scratch)
            });
            writer.write_number(&one, LineLabels::Closed(&text), out);
        } else {
            scratch.clear();
            names.write(one.lend_labels(&mut labels), &mut scratch);
            writer.write(&one, &scratch, out);
        }
        // The first series tells how long a family gets: growing step by step copies a long page several times.
        if index == 0 {
            out.reserve((out.len() - start) * series);
        }
    }
}

/// Whether the family is the resource, and may be told as what it is: with no other value than one, and with no
/// family beside it that takes its name without `_info`.
fn is_target_info(family: &FamilySnapshot, snapshot: &Snapshot) -> bool {
    let is = |family: &FamilySnapshot, name: &str| family.descriptor().name() == name;
    let one = |value: Value<'_>| matches!(value, Value::Gauge(number) if number.as_f64() == 1.0);
    is(family, "target.info")
        && unit::suffix(family.descriptor().unit()).is_empty()
        && family.series().all(|series| one(series.value()))
        && !snapshot
            .families()
            .iter()
            .any(|other| super::name::base(other.descriptor(), other.kind()) == "target")
}
