//! The protobuf messages, read back by types that share no code with the encoder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod messages;

use std::time::{Duration, SystemTime};

use messages::{BucketSpan, Exemplar, Histogram, LabelPair, MetricFamily, Timestamp};
use proptest::prelude::*;
use prost::Message;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_metrics::expose::{self, Escaping, Format, Names, Syntax};
use tower_telemetry_metrics::{
    Bounds, Buckets, Descriptor, HistogramSample, ManualClock, Native, NativeSample, Place, Sample, Snapshot,
    Store, SummarySample,
};

const START: Timestamp = Timestamp { seconds: 1_700_000_000, nanos: 250_000_000 };

fn clock() -> ManualClock {
    ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_250))
}

fn sampled() -> TraceIds {
    TraceIds {
        trace_id: TraceId::from_bytes([0xab; 16]).unwrap(),
        span_id: SpanId::from_bytes([0xcd; 8]).unwrap(),
        flags: TraceFlags::SAMPLED,
    }
}

fn exemplar(value: f64, timestamp: Timestamp) -> Exemplar {
    let label = |name: &str, value: String| LabelPair { name: name.to_owned(), value };
    Exemplar {
        label: vec![label("trace_id", "ab".repeat(16)), label("span_id", "cd".repeat(8))],
        value,
        timestamp: Some(timestamp),
    }
}

fn read(snapshot: &Snapshot, format: Format) -> Vec<MetricFamily> {
    let mut bytes = Vec::new();
    expose::encode(snapshot, format, &mut bytes);
    let mut rest = bytes.as_slice();
    let mut families = Vec::new();
    while !rest.is_empty() {
        families.push(MetricFamily::decode_length_delimited(&mut rest).unwrap());
    }
    families
}

fn family(store: &Store, name: &str) -> MetricFamily {
    let families = read(&store.snapshot(), Format::PROTOBUF);
    families.into_iter().find(|family| family.name == name).expect(name)
}

/// A second, three times a third of that, and nothing at all.
fn histogram(buckets: impl Into<Buckets>) -> Histogram {
    let time = clock();
    let store = Store::with_clock(time.clock());
    let wait = store.histogram_family::<()>(Descriptor::new("wait", "s", ""), buckets).unwrap();
    let wait = wait.series(&(), Place::Known);
    time.advance(Duration::from_secs(2));
    wait.record_with(Duration::from_secs(1), Some(&sampled()));
    (0..3).for_each(|_| wait.record(Duration::from_millis(333)));
    wait.record(Duration::ZERO);
    let family = family(&store, "wait_seconds");
    assert_eq!((family.r#type, family.unit.as_str()), (4, "seconds"));
    family.metric[0].histogram.clone().unwrap()
}

#[test]
fn a_counter_tells_its_start_and_its_exemplar() {
    let time = clock();
    let store = Store::with_clock(time.clock());
    let sent = Descriptor::new("mail.sent", "By", "Mail \"sent\".\n");
    let sent = store.counter_family::<()>(sent).unwrap().series(&(), Place::Known);
    time.advance(Duration::from_secs(1));
    sent.add_with(17, Some(&sampled()));
    let family = family(&store, "mail_sent_bytes_total");
    assert_eq!((family.help.as_str(), family.r#type, family.unit.as_str()), ("Mail \"sent\".\n", 0, "bytes"));
    let counter = family.metric[0].counter.clone().unwrap();
    let later = Timestamp { seconds: START.seconds + 1, ..START };
    assert_eq!((counter.value, counter.exemplar), (17.0, Some(exemplar(17.0, later))));
    assert_eq!(counter.created_timestamp, Some(START));
}

#[test]
fn a_classic_histogram_has_its_buckets_and_nothing_else() {
    let told = histogram(Bounds::from_seconds(&[0.5, 1.0]).unwrap());
    let later = Timestamp { seconds: START.seconds + 2, ..START };
    let buckets: Vec<_> =
        told.bucket.iter().map(|bucket| (bucket.upper_bound, bucket.cumulative_count)).collect();
    assert_eq!(buckets, [(0.5, 4), (1.0, 5), (f64::INFINITY, 5)]);
    assert_eq!(told.bucket[1].exemplar, Some(exemplar(1.0, later)));
    assert_eq!((told.sample_count, told.sample_sum), (5, 1.999));
    assert_eq!(told.created_timestamp, Some(START));
    assert!(told.positive_span.is_empty() && told.zero_threshold == 0.0, "{told:?}");
}

#[test]
fn a_native_histogram_has_spans_and_its_own_exemplars() {
    let told = histogram(Native::default());
    assert!(told.bucket.is_empty(), "{told:?}");
    assert_eq!((told.sample_count, told.sample_sum, told.zero_count), (5, 1.999, 1));
    assert!(told.zero_threshold > 0.0);
    // One is the upper bound of bucket 0 at every resolution.
    let index = (0.333_f64.log2() * 2_f64.powi(told.schema)).ceil() as i32;
    let spans = [BucketSpan { offset: index, length: 1 }, BucketSpan { offset: -index - 1, length: 1 }];
    assert_eq!(told.positive_span, spans);
    assert_eq!(told.positive_delta, [3, -2]);
    assert_eq!(told.exemplars, [exemplar(1.0, Timestamp { seconds: START.seconds + 2, ..START })]);
}

#[test]
fn a_histogram_of_both_kinds_tells_both() {
    let told = histogram(Buckets::Both(Bounds::from_seconds(&[0.5]).unwrap(), Native::default()));
    assert_eq!(told.bucket.len(), 2);
    assert_eq!(told.positive_delta, [3, -2]);
    assert!(told.exemplars.is_empty() && told.bucket[1].exemplar.is_some(), "{told:?}");
}

#[test]
fn an_empty_native_histogram_is_told_from_a_classic_one() {
    let store = Store::new();
    let wait = Descriptor::new("wait", "s", "");
    store.histogram_family::<()>(wait, Native::default()).unwrap().series(&(), Place::Known);
    let told = family(&store, "wait_seconds").metric[0].histogram.clone().unwrap();
    assert!(told.zero_threshold > 0.0 && told.positive_span.is_empty() && told.bucket.is_empty());
}

proptest! {
    #[test]
    fn native_buckets_read_back(nanos in prop::collection::vec(0_u64..1 << 50, 0..60)) {
        let store = Store::new();
        let wait = Descriptor::new("wait", "s", "");
        let wait = store.histogram_family::<()>(wait, Native::default()).unwrap();
        let wait = wait.series(&(), Place::Known);
        nanos.iter().for_each(|nanos| wait.record(Duration::from_nanos(*nanos)));
        let snapshot = store.snapshot();
        let native = snapshot.histogram("wait", &[]).unwrap().native().unwrap();
        let (offset, counts) = native.positive();
        let expected: Vec<(i32, i64)> =
            (offset + 1..).zip(counts.iter().map(|count| *count as i64)).filter(|(_, count)| *count > 0).collect();

        let family = read(&snapshot, Format::PROTOBUF).pop().unwrap();
        let told = family.metric[0].histogram.clone().unwrap();
        let (mut index, mut count, mut deltas) = (0, 0, told.positive_delta.iter());
        let mut buckets = Vec::new();
        for span in &told.positive_span {
            index += span.offset;
            for _ in 0..span.length {
                count += deltas.next().unwrap();
                buckets.push((index, count));
                index += 1;
            }
        }
        buckets.retain(|(_, count)| *count > 0);
        prop_assert_eq!(buckets, expected);
        prop_assert_eq!(told.schema, native.schema());
    }

    #[test]
    fn hostile_labels_read_back(value in ".{1,300}", name in "[a-z.\"\n]{0,9}", number in any::<f64>()) {
        let store = Store::new();
        let (told, label) = (value.clone(), format!("a{name}"));
        let expected = label.clone();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&Descriptor::new("a.b", "", ""), &[(&label, &told)], number));
        });
        let format = Format::new(Syntax::Protobuf, Escaping::AllowUtf8).with_names(Names::Dotted);
        let families = read(&store.snapshot(), format);
        let metric = &families[0].metric[0];
        prop_assert_eq!(families[0].name.as_str(), "a.b");
        prop_assert_eq!(&metric.label, &[LabelPair { name: expected, value }]);
        prop_assert_eq!(metric.gauge.unwrap().value.to_bits(), number.to_bits());
    }
}

#[test]
fn what_a_collector_tells_is_written_whole() {
    let store = Store::new();
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        let (wait, rest) = (Descriptor::new("wait", "", ""), Descriptor::new("rest", "", ""));
        let (positive, negative) = ((4, &[1, 2][..]), (-3, &[5][..]));
        let native = NativeSample { schema: 2, zero_threshold: 0.5, zero_count: 1, positive, negative };
        let sample = HistogramSample::new(&[0.0], &[6, 3], -1.5).with_native(native);
        out(Sample::histogram(&wait, &[], sample).since(SystemTime::UNIX_EPOCH + Duration::from_secs(7)));
        let none = (0, &[][..]);
        let nothing =
            NativeSample { schema: 2, zero_threshold: 0.0, zero_count: 0, positive: none, negative: none };
        out(Sample::histogram(&rest, &[], HistogramSample::native(nothing, 0.0)));
        let pause = Descriptor::new("pause", "", "");
        let summary = SummarySample { quantiles: &[(0.5, 0.25), (1.0, 2.0)], count: 7, sum: 3.5 };
        out(Sample::summary(&pause, &[], summary));
        out(Sample::up_down_counter(&Descriptor::new("open", "", ""), &[], -2_i64));
    });
    let wait = family(&store, "wait").metric[0].histogram.clone().unwrap();
    assert_eq!((wait.sample_count, wait.sample_sum, wait.bucket[0].cumulative_count), (9, -1.5, 6));
    assert_eq!((wait.schema, wait.zero_threshold, wait.zero_count), (2, 0.5, 1));
    // Prometheus calls a bucket by its upper bound.
    assert_eq!((&wait.positive_span[..], &wait.positive_delta[..]), (&[span(5, 2)][..], &[1, 1][..]));
    assert_eq!((&wait.negative_span[..], &wait.negative_delta[..]), (&[span(-2, 1)][..], &[5][..]));
    assert_eq!(wait.created_timestamp, Some(Timestamp { seconds: 7, nanos: 0 }));
    let rest = family(&store, "rest").metric[0].histogram.clone().unwrap();
    assert_eq!(rest.positive_span, [span(0, 0)], "the mark of a native histogram");
    let pause = family(&store, "pause");
    let summary = pause.metric[0].summary.clone().unwrap();
    assert_eq!((pause.r#type, summary.sample_count, summary.sample_sum), (2, 7, 3.5));
    let quantiles: Vec<_> = summary.quantile.iter().map(|it| (it.quantile, it.value)).collect();
    assert_eq!(quantiles, [(0.5, 0.25), (1.0, 2.0)]);
    let open = family(&store, "open");
    assert_eq!((open.r#type, open.metric[0].gauge.unwrap().value), (1, -2.0));
}

fn span(offset: i32, length: u32) -> BucketSpan {
    BucketSpan { offset, length }
}
