//! What instruments of OpenTelemetry record, as the store tells it.
#![cfg(feature = "opentelemetry")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue};
use tower_telemetry_core::names;
use tower_telemetry_metrics::expose::{openmetrics, text};
use tower_telemetry_metrics::{Kind, Number, Store, StoreMeterProvider, Value};

fn meter() -> (Store, Meter) {
    let store = Store::new();
    let meter = StoreMeterProvider::new(&store).meter("test");
    (store, meter)
}

fn refused(store: &Store) -> Option<f64> {
    store.snapshot().value(names::metric::SAMPLES_REFUSED.name, &[])
}

#[test]
fn each_instrument_tells_what_was_recorded() {
    let (store, meter) = meter();
    let with = &[KeyValue::new("a", "b")][..];
    let counter = meter.u64_counter("u64.counter").with_unit("By").with_description("Bytes.").build();
    counter.add(3, with);
    counter.add(4, with);
    let floats = meter.f64_counter("f64.counter").build();
    floats.add(0.5, with);
    floats.add(-9.0, with);
    floats.add(f64::NAN, with);
    let shifts = meter.i64_up_down_counter("i64.up_down").build();
    shifts.add(2, with);
    shifts.add(-5, with);
    let changes = meter.f64_up_down_counter("f64.up_down").build();
    changes.add(0.25, with);
    changes.add(-1.0, with);
    let gauge = meter.u64_gauge("u64.gauge").build();
    gauge.record(7, with);
    gauge.record(6, with);
    meter.i64_gauge("i64.gauge").build().record(-6, with);
    meter.f64_gauge("f64.gauge").build().record(-0.5, with);

    let snapshot = store.snapshot();
    let value = |name| snapshot.value(name, &[("a", "b")]).unwrap();
    assert_eq!((value("u64.counter"), value("f64.counter")), (7.0, 0.5));
    assert_eq!((value("i64.up_down"), value("f64.up_down")), (-3.0, -0.75));
    assert_eq!((value("u64.gauge"), value("i64.gauge"), value("f64.gauge")), (6.0, -6.0, -0.5));
    let family = snapshot.family("u64.counter").unwrap();
    assert_eq!(
        (family.kind(), family.descriptor().unit(), family.descriptor().help()),
        (Kind::Counter, "By", "Bytes.")
    );
    assert_eq!(family.series().next().unwrap().value(), Value::Counter(Number::Unsigned(7)));
    let kinds = ["i64.up_down", "f64.up_down", "u64.gauge"].map(|name| snapshot.family(name).unwrap().kind());
    assert_eq!(kinds, [Kind::UpDownCounter, Kind::UpDownCounter, Kind::Gauge]);
    let refused = snapshot.value(names::metric::VALUES_REFUSED.name, &[]);
    assert_eq!(refused, Some(2.0), "a counter does not fall");
}

#[test]
fn a_bound_instrument_records_to_the_same_series() {
    let (store, meter) = meter();
    let counter = meter.u64_counter("jobs").build();
    let with = [KeyValue::new("queue", "mails")];
    let bound = counter.bind(&with);
    bound.add(2);
    counter.add(1, &with);
    meter.u64_counter("jobs").build().bind(&with).add(4);
    assert_eq!(store.snapshot().value("jobs", &[("queue", "mails")]), Some(7.0));
    meter.f64_gauge("heat").build().bind(&[]).record(0.5);
    assert_eq!(store.snapshot().value("heat", &[]), Some(0.5));
    let wait = meter.f64_histogram("wait").build();
    let bound = wait.bind(&with);
    bound.record(6.0);
    wait.record(7.0, &with);
    meter.u64_histogram("size").build().bind(&[]).record(70);
    let changes = meter.i64_up_down_counter("open").build();
    changes.bind(&with).add(-2);
    let snapshot = store.snapshot();
    assert_eq!(snapshot.histogram("wait", &[("queue", "mails")]).unwrap().sum(), 13.0);
    assert_eq!(snapshot.histogram("size", &[]).unwrap().sum(), 70.0);
    assert_eq!(snapshot.value("open", &[("queue", "mails")]), Some(-2.0));
}

#[test]
fn a_histogram_has_the_bounds_of_its_advice_or_of_the_specification() {
    let (store, meter) = meter();
    let with = [KeyValue::new("queue", "mails")];
    meter.f64_histogram("plain").build().record(80.0, &with);
    let advised = meter.f64_histogram("advised").with_unit("s").with_boundaries(vec![0.1, 0.5]).build();
    for number in [0.1, 0.2, 7.5] {
        advised.record(number, &with);
    }
    // Advice is no part of what an instrument is.
    meter.f64_histogram("advised").with_unit("s").build().record(0.0, &with);
    meter.u64_histogram("bare").with_boundaries(vec![]).build().record(3, &[]);
    meter.f64_histogram("wrong").with_boundaries(vec![2.0, 1.0]).build().record(3.0, &[]);

    let snapshot = store.snapshot();
    let mails = [("queue", "mails")];
    let plain = snapshot.histogram("plain", &mails).unwrap();
    let specified =
        [0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 1e4];
    assert_eq!((plain.bounds(), plain.buckets()[6], plain.count()), (&specified[..], 1, 1));
    let advised = snapshot.histogram("advised", &mails).unwrap();
    assert_eq!((advised.bounds(), advised.buckets()), (&[0.1, 0.5][..], &[2, 1, 1][..]));
    assert_eq!(advised.sum(), 0.1 + 0.2 + 7.5);
    let bare = snapshot.histogram("bare", &[]).unwrap();
    assert_eq!((bare.bounds(), bare.count(), bare.sum()), (&[][..], 1, 3.0));
    assert!(snapshot.family("wrong").is_none());
    assert!(snapshot.family("advised").unwrap().series().all(|series| series.created().is_some()));

    let mut page = String::new();
    text::encode(&snapshot, &mut page);
    assert!(page.contains("advised_seconds_bucket{queue=\"mails\",le=\"0.5\"} 3\n"), "{page}");
    assert!(page.contains("bare_bucket{le=\"+Inf\"} 1\nbare_sum 3\nbare_count 1\n"), "{page}");
}

#[test]
fn what_no_sum_can_take_is_refused_and_counted() {
    let (store, meter) = meter();
    let wait = meter.f64_histogram("wait").build();
    for number in [f64::NAN, f64::INFINITY, -1.0, 2.0] {
        wait.record(number, &[]);
    }
    let snapshot = store.snapshot();
    assert_eq!(snapshot.histogram("wait", &[]).unwrap().sum(), 2.0);
    assert_eq!(snapshot.value(names::metric::VALUES_REFUSED.name, &[]), Some(3.0));
}

#[test]
fn a_measurement_within_a_sampled_span_leaves_an_exemplar() {
    let (store, meter) = meter();
    let wait = meter.f64_histogram("wait").with_boundaries(vec![1.0, 2.0]).build();
    let jobs = meter.u64_counter("jobs").build();
    let spent = meter.f64_counter("spent").build();
    let measure = |number: f64, flags| {
        let span = SpanContext::new(7.into(), 9.into(), flags, false, TraceState::default());
        let _within = Context::new().with_remote_span_context(span).attach();
        wait.record(number, &[]);
        jobs.add(3, &[]);
        spent.add(number, &[]);
    };
    wait.record(0.1, &[]);
    measure(0.2, TraceFlags::default());
    let snapshot = store.snapshot();
    assert_eq!(snapshot.histogram("wait", &[]).unwrap().exemplars().flatten().count(), 0);
    measure(1.5, TraceFlags::SAMPLED);

    let snapshot = store.snapshot();
    let value = snapshot.histogram("wait", &[]).unwrap();
    let exemplars: Vec<_> = value.exemplars().collect();
    let told = exemplars[1].unwrap();
    assert_eq!((exemplars[0], told.value, exemplars[2]), (None, 1.5, None));
    assert_eq!(told.trace_id.to_hex().as_str(), "00000000000000000000000000000007");
    assert_eq!(told.span_id.to_hex().as_str(), "0000000000000009");
    let exemplar = |name| snapshot.family(name).unwrap().series().next().unwrap().exemplar().unwrap().value;
    assert_eq!((exemplar("jobs"), exemplar("spent")), (3.0, 1.5));

    let mut page = String::new();
    openmetrics::encode(&snapshot, &mut page);
    let expected = "wait_bucket{le=\"2.0\"} 3 # {trace_id=\"00000000000000000000000000000007\",span_id=\"";
    assert!(page.contains(expected), "{page}");
}

#[test]
fn observables_are_asked_at_each_snapshot() {
    let (store, meter) = meter();
    let asked = std::sync::atomic::AtomicU64::new(0);
    meter
        .u64_observable_counter("asked")
        .with_callback(move |observer| {
            let times = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            observer.observe(99, &[KeyValue::new("by", "me")]);
            observer.observe(times, &[KeyValue::new("by", "me")]);
        })
        .build();
    meter.f64_observable_gauge("heat").with_callback(|observer| observer.observe(-0.5, &[])).build();
    meter.i64_observable_up_down_counter("open").with_callback(|observer| observer.observe(-2, &[])).build();
    for times in [1.0, 2.0] {
        let snapshot = store.snapshot();
        assert_eq!(snapshot.value("asked", &[("by", "me")]), Some(times));
        assert_eq!((snapshot.value("heat", &[]), snapshot.value("open", &[])), (Some(-0.5), Some(-2.0)));
    }
    assert_eq!(store.snapshot().family("asked").unwrap().kind(), Kind::Counter);
}

#[test]
fn neither_order_nor_empty_values_make_a_second_series() {
    let (store, meter) = meter();
    let counter = meter.u64_counter("jobs").build();
    let (a, b) = (KeyValue::new("a", "1"), KeyValue::new("b", 2));
    counter.add(1, &[a.clone(), b.clone()]);
    counter.add(1, &[b.clone(), a.clone()]);
    counter.add(1, &[KeyValue::new("a", "0"), b, a, KeyValue::new("empty", "")]);
    let snapshot = store.snapshot();
    assert_eq!(snapshot.value("jobs", &[("a", "1"), ("b", "2")]), Some(3.0));
    assert_eq!(snapshot.family("jobs").unwrap().series().len(), 1);
}

#[test]
fn what_does_not_fit_goes_to_the_overflow_series_and_nothing_is_lost() {
    let (store, meter) = meter();
    let counter = meter.u64_counter("jobs").build();
    meter
        .u64_observable_gauge("seen")
        .with_callback(|observer| (0..3000).for_each(|id| observer.observe(1, &[KeyValue::new("id", id)])))
        .build();
    for id in 0..3000 {
        counter.add(1, &[KeyValue::new("id", id)]);
    }
    counter.add(1, &[KeyValue::new("id", 0)]);
    let snapshot = store.snapshot();
    assert_eq!(snapshot.family("jobs").unwrap().series().len(), 2000);
    assert_eq!(snapshot.total("jobs", &[]), 3001.0);
    assert_eq!(snapshot.value("jobs", &[("id", "0")]), Some(2.0));
    assert_eq!(snapshot.value("jobs", &[(names::attribute::OVERFLOW, "true")]), Some(1001.0));
    let lookups = snapshot.value(names::metric::SERIES_REFUSED.name, &[("family", "jobs")]);
    assert_eq!(lookups, Some(1001.0));
    assert_eq!(
        (snapshot.family("seen").unwrap().series().len(), snapshot.total("seen", &[])),
        (2000, 3000.0)
    );
}

#[test]
fn an_instrument_that_contradicts_another_changes_nothing() {
    let (store, meter) = meter();
    meter.u64_counter("jobs").build().add(1, &[]);
    meter.u64_gauge("jobs").build().record(9, &[]);
    meter.u64_counter("jobs").with_unit("By").build().add(9, &[]);
    assert_eq!(store.snapshot().value("jobs", &[]), Some(1.0));
    assert_eq!(refused(&store), Some(0.0));
    meter.u64_observable_gauge("jobs").with_callback(|observer| observer.observe(9, &[])).build();
    assert_eq!(store.snapshot().value("jobs", &[]), Some(1.0));
}
