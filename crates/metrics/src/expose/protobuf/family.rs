//! A family with its series.

use std::time::SystemTime;

use super::{histogram, wire};
use crate::expose::label_names::{self, LabelNames};
use crate::expose::naming::Naming;
use crate::expose::unit;
use crate::store::{Exemplar, FamilySnapshot, Kind, Label, SummaryValue, Value};

/// Appends the fields of a `MetricFamily`.
pub(crate) fn write(family: &FamilySnapshot, naming: Naming, out: &mut Vec<u8>) {
    let descriptor = family.descriptor();
    wire::text(out, 1, &naming.metric(descriptor, family.kind()));
    wire::text(out, 2, descriptor.help());
    let kind = match family.kind() {
        Kind::Counter => 0,
        Kind::Gauge | Kind::UpDownCounter => 1,
        Kind::Summary => 2,
        Kind::Histogram => 4,
    };
    wire::unsigned(out, 3, kind);
    let mut names = LabelNames::new(|name: &str| naming.label(name));
    let mut scratch = Vec::new();
    for series in family.series() {
        wire::message(out, 4, |out| {
            labels(&mut names, series.lend_labels(&mut scratch), out);
            match series.value() {
                Value::Gauge(number) => wire::message(out, 2, |out| wire::double(out, 1, number.as_f64())),
                Value::Counter(number) => wire::message(out, 3, |out| {
                    wire::double(out, 1, number.as_f64());
                    exemplar(out, 2, series.exemplar());
                    moment(out, 3, series.created());
                }),
                Value::Histogram(value) => {
                    wire::message(out, 7, |out| histogram::write(value, series.created(), out));
                }
                Value::Summary(value) => {
                    wire::message(out, 4, |out| summary(value, series.created(), out));
                }
            }
        });
    }
    wire::text(out, 5, &unit::suffix(descriptor.unit()));
}

/// Appends the fields of a `Summary`.
fn summary(value: SummaryValue<'_>, created: Option<SystemTime>, out: &mut Vec<u8>) {
    wire::unsigned(out, 1, value.count());
    wire::double(out, 2, value.sum());
    for (quantile, number) in value.quantiles() {
        wire::message(out, 3, |out| {
            wire::double(out, 1, *quantile);
            wire::double(out, 2, *number);
        });
    }
    moment(out, 4, created);
}

/// Appends a field of type `Exemplar`.
pub(crate) fn exemplar(out: &mut Vec<u8>, field: wire::Field, exemplar: Option<&Exemplar>) {
    let Some(exemplar) = exemplar else { return };
    wire::message(out, field, |out| {
        label(out, "trace_id", |out| wire::text(out, 2, exemplar.trace_id.to_hex().as_str()));
        label(out, "span_id", |out| wire::text(out, 2, exemplar.span_id.to_hex().as_str()));
        wire::double(out, 2, exemplar.value);
        moment(out, 3, Some(exemplar.time));
    });
}

/// Appends a field of type `google.protobuf.Timestamp`. What was before 1970 is told as its first moment.
pub(crate) fn moment(out: &mut Vec<u8>, field: wire::Field, time: Option<SystemTime>) {
    let Some(time) = time else { return };
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    wire::message(out, field, |out| {
        wire::signed(out, 1, i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
        wire::signed(out, 2, since.subsec_nanos().into());
    });
}

fn labels<F>(names: &mut LabelNames<F>, labels: &[Label], out: &mut Vec<u8>)
where
    F: Fn(&str) -> String,
{
    names.each(labels, |name, labels| {
        label(out, name, |out| match labels {
            [one] => one.value().with_str(|value| wire::text(out, 2, value)),
            several => {
                let mut value = String::new();
                label_names::joined(several, |piece| value.push_str(piece));
                wire::text(out, 2, &value);
            }
        });
    });
}

/// A `LabelPair`, which is field 1 of everything that has labels.
fn label(out: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
    wire::message(out, 1, |out| {
        wire::text(out, 1, name);
        value(out);
    });
}
