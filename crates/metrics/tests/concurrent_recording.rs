//! Threads that record at once, while a reader looks on.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::thread;
use std::time::Duration;

use tower_telemetry_metrics::{
    Bounds, Buckets, Descriptor, LabelValue, Labels, Native, Place, Store, expose::text,
};

const THREADS: u64 = 8;
/// A million in a release build: enough for every thread to lose its place many times.
const RECORDS: u64 = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

#[derive(Clone, PartialEq, Eq, Hash)]
struct Worker(u16);

impl Labels for Worker {
    const NAMES: &'static [&'static str] = &["worker"];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

#[test]
fn nothing_is_lost() {
    let store = Store::new();
    let calls = store.counter_family::<Worker>(Descriptor::new("calls", "", "")).unwrap();
    let level = store.gauge_family::<()>(Descriptor::new("level", "", "")).unwrap();
    let bounds = Bounds::from_seconds(&[0.001, 0.002]).unwrap();
    let wait = store.histogram_family::<()>(Descriptor::new("wait", "s", ""), bounds).unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for record in 0..RECORDS {
                    // Looked up each time, so that the threads also race to make the series.
                    calls.series(&Worker((record % 64) as u16), Place::Wire).increment();
                    level.series(&(), Place::Known).increment();
                    wait.series(&(), Place::Known).record(Duration::from_millis(record % 4));
                    level.series(&(), Place::Known).decrement();
                }
            });
        }
    });
    let snapshot = store.snapshot();
    assert_eq!(snapshot.family("calls").unwrap().series().len(), 64);
    assert_eq!(snapshot.total("calls", &[]), (THREADS * RECORDS) as f64);
    assert_eq!(snapshot.value("level", &[]), Some(0.0));
    let wait = snapshot.histogram("wait", &[]).unwrap();
    let quarter = THREADS * RECORDS / 4;
    assert_eq!(wait.buckets(), [2 * quarter, quarter, quarter]);
    assert_eq!(wait.sum(), 0.006 * quarter as f64);
}

#[test]
fn series_made_at_once_stay_within_the_maximum() {
    let store = Store::new();
    let descriptor = Descriptor::new("calls", "", "").with_max_series(10);
    let calls = store.counter_family::<Worker>(descriptor).unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..1000).for_each(|key| calls.series(&Worker(key), Place::Wire).increment()));
        }
    });
    assert_eq!(calls.len(), 10);
    let snapshot = store.snapshot();
    assert_eq!(snapshot.total("calls", &[]), (THREADS * 1000) as f64);
    let overflow = snapshot.value("calls", &[("otel.metric.overflow", "true")]);
    assert_eq!(overflow, Some((THREADS * (1000 - 9)) as f64));
    assert_eq!(snapshot.value("tower_telemetry.series.refused", &[("family", "calls")]), overflow);
}

/// Every kind of count at once, on one series each, so that their copies are made while others record.
#[test]
fn nothing_is_lost_where_threads_meet() {
    let store = Store::new();
    let calls = store.counter_family::<()>(Descriptor::new("calls", "", "")).unwrap();
    let both = Buckets::Both(Bounds::from_values(&[100.0, 10_000.0]).unwrap(), Native::default());
    let size = store.value_histogram_family::<()>(Descriptor::new("size", "By", ""), both).unwrap();
    let (calls, size) = (calls.series(&(), Place::Known), size.series(&(), Place::Known));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for record in 0..RECORDS {
                    calls.increment();
                    size.record(record);
                }
            });
        }
        for _ in 0..50 {
            let snapshot = store.snapshot();
            let size = snapshot.histogram("size", &[]).unwrap();
            assert_eq!(size.native().unwrap().count(), size.count());
        }
    });
    let snapshot = store.snapshot();
    assert_eq!(snapshot.value("calls", &[]), Some((THREADS * RECORDS) as f64));
    let size = snapshot.histogram("size", &[]).unwrap();
    assert_eq!(size.buckets(), [101, 9_900, RECORDS - 10_001].map(|each| each * THREADS));
    assert_eq!(size.sum(), (THREADS * (RECORDS * (RECORDS - 1) / 2)) as f64);
    assert_eq!(size.native().unwrap().zero_count(), THREADS);
}

/// A second counter beside the buckets used to be what made `_count` differ from `+Inf` under load.
#[test]
fn count_and_last_bucket_agree_in_every_page_under_load() {
    let store = Store::new();
    let wait = store.histogram_family::<()>(Descriptor::new("wait", "s", ""), Bounds::default()).unwrap();
    let wait = wait.series(&(), Place::Known);
    thread::scope(|scope| {
        let record =
            || (0..400_000).for_each(|record| wait.record(Duration::from_millis(record * 7 % 20_000)));
        let recorders = [scope.spawn(record), scope.spawn(record)];
        while !recorders.iter().all(|recorder| recorder.is_finished()) {
            let mut page = String::new();
            text::encode(&store.snapshot(), &mut page);
            let value = |start: &str| {
                let line = page.lines().find(|line| line.starts_with(start)).unwrap();
                line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
            };
            assert_eq!(value("wait_seconds_count "), value("wait_seconds_bucket{le=\"+Inf\"} "));
        }
    });
    assert_eq!(wait.count(), 800_000);
}
