//! A histogram with either kind of buckets, or both.

use std::time::SystemTime;

use super::spans::{Span, Spans};
use super::{family, wire};
use crate::expose::exemplar;
use crate::store::{HistogramValue, NativeValue};

/// Appends the fields of a `Histogram`.
pub(crate) fn write(value: HistogramValue<'_>, created: Option<SystemTime>, out: &mut Vec<u8>) {
    wire::unsigned(out, 1, value.count());
    wire::double(out, 2, value.sum());
    match value.native() {
        // Without bounds of its own, the one bucket that is left for other formats would only hide the rest.
        Some(native) if value.bounds().is_empty() => {
            write_native(native, out);
            value.exemplars().for_each(|exemplar| family::exemplar(out, 16, exemplar));
        }
        Some(native) => {
            write_buckets(value, out);
            write_native(native, out);
        }
        None => write_buckets(value, out),
    }
    family::moment(out, 15, created);
}

/// A server that takes the native buckets looks for exemplars here as well, if it finds none of their own.
fn write_buckets(value: HistogramValue<'_>, out: &mut Vec<u8>) {
    let bounds = value.bounds().iter().copied().chain([f64::INFINITY]);
    let mut count = 0;
    let mut below = f64::NEG_INFINITY;
    for ((bound, bucket), exemplar) in bounds.zip(value.buckets()).zip(value.exemplars()) {
        count += bucket;
        wire::message(out, 3, |out| {
            wire::unsigned(out, 1, count);
            wire::double(out, 2, bound);
            family::exemplar(out, 3, exemplar.filter(|it| exemplar::is_within(it, below, bound)));
        });
        below = bound;
    }
}

fn write_native(native: NativeValue<'_>, out: &mut Vec<u8>) {
    wire::zigzag(out, 5, native.schema().into());
    // Above zero, as that of the store always is, it is the mark of a native histogram, even of one without a
    // recording.
    wire::double(out, 6, native.zero_threshold());
    wire::unsigned(out, 7, native.zero_count());
    write_run(native.negative(), 9, out);
    write_run(native.positive(), 12, out);
    if native.zero_threshold() == 0.0 && native.count() == 0 {
        // Otherwise an empty span is.
        write_span(Span { offset: 0, length: 0 }, 12, out);
    }
}

/// Appends the spans as this field, and the deltas as the next.
fn write_run((offset, counts): (i32, &[u64]), field: wire::Field, out: &mut Vec<u8>) {
    // OpenTelemetry counts a bucket by its lower bound, Prometheus by its upper one.
    let Spans { spans, deltas } = Spans::new(offset.saturating_add(1), counts);
    spans.into_iter().for_each(|span| write_span(span, field, out));
    wire::zigzags(out, field + 1, &deltas);
}

fn write_span(span: Span, field: wire::Field, out: &mut Vec<u8>) {
    wire::message(out, field, |out| {
        wire::zigzag(out, 1, span.offset.into());
        wire::unsigned(out, 2, span.length.into());
    });
}
