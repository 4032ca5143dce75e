//! What instruments of OpenTelemetry record, as the store tells it.
#![cfg(feature = "opentelemetry")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use tower_telemetry_core::names;
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
    assert_eq!(snapshot.family("i64.up_down").unwrap().kind(), Kind::Gauge);
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
