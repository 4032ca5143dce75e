//! What ends in a store: idle series, and families that are taken out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, SystemTime};

use tower_telemetry_metrics::{Descriptor, LabelValue, Labels, ManualClock, Place, RegisterError, Store};

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Worker(u16);

impl Labels for Worker {
    const NAMES: &'static [&'static str] = &["worker"];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

fn store() -> (ManualClock, Store) {
    let time = ManualClock::new(SystemTime::UNIX_EPOCH);
    let store = Store::with_clock(time.clock());
    (time, store)
}

fn calls() -> Descriptor {
    Descriptor::new("calls", "", "").with_idle_expiry(MINUTE).with_max_series(3)
}

#[test]
fn a_series_that_rests_goes_and_begins_anew() {
    let (time, store) = store();
    let calls = store.counter_family::<Worker>(calls()).unwrap();
    calls.series(&Worker(1), Place::Wire).add(5);
    calls.series(&Worker(2), Place::Wire).add(7);
    assert_eq!(store.snapshot().total("calls", &[]), 12.0);
    time.advance(MINUTE / 2);
    calls.series(&Worker(2), Place::Wire).increment();
    assert_eq!(store.snapshot().total("calls", &[]), 13.0);
    time.advance(MINUTE / 2);
    let snapshot = store.snapshot();
    assert_eq!(snapshot.value("calls", &[("worker", "1")]), None);
    assert_eq!(snapshot.value("calls", &[("worker", "2")]), Some(8.0));

    calls.series(&Worker(1), Place::Wire).increment();
    let snapshot = store.snapshot();
    let series = snapshot.family("calls").unwrap().series().next().unwrap();
    assert_eq!(series.created(), Some(SystemTime::UNIX_EPOCH + MINUTE));
    assert_eq!(snapshot.value("calls", &[("worker", "1")]), Some(1.0));
}

#[test]
fn a_series_that_goes_frees_its_place() {
    let (time, store) = store();
    let calls = store.counter_family::<Worker>(calls()).unwrap();
    for worker in 1..=3 {
        calls.series(&Worker(worker), Place::Wire).increment();
    }
    assert_eq!((calls.len(), calls.refused()), (3, 1), "two of their own and the overflow");
    store.snapshot();
    time.advance(MINUTE);
    store.snapshot();
    assert_eq!(calls.len(), 1, "the overflow stays");
    calls.series(&Worker(3), Place::Wire).increment();
    assert_eq!((calls.len(), calls.refused()), (2, 1));
}

#[test]
fn a_series_that_somebody_holds_stays() {
    let (time, store) = store();
    let calls = store.counter_family::<Worker>(calls()).unwrap();
    let held = calls.series(&Worker(1), Place::Known);
    for _ in 0..3 {
        store.snapshot();
        time.advance(2 * MINUTE);
    }
    held.increment();
    drop(held);
    assert_eq!(store.snapshot().total("calls", &[]), 1.0);
    time.advance(MINUTE);
    assert_eq!(store.snapshot().total("calls", &[]), 0.0);
    assert!(calls.is_empty());
}

#[test]
fn a_store_can_let_all_its_series_go() {
    let (time, store) = store();
    let early = store.counter_family::<()>(Descriptor::new("early", "", "")).unwrap();
    let store = store.with_idle_expiry(MINUTE);
    let late = store.gauge_family::<()>(Descriptor::new("late", "", "")).unwrap();
    early.series(&(), Place::Known).increment();
    late.series(&(), Place::Known).set(4);
    store.snapshot();
    time.advance(MINUTE);
    let snapshot = store.snapshot();
    assert_eq!((snapshot.value("early", &[]), snapshot.value("late", &[])), (Some(1.0), None));
}

/// Whoever gets a handle while the sweep runs records to a series that is read, in one life or the next.
#[test]
fn nothing_is_recorded_to_a_series_that_is_gone() {
    const ROUNDS: u64 = 20_000;
    let store = Store::new();
    let descriptor = Descriptor::new("calls", "", "").with_idle_expiry(Duration::ZERO);
    let calls = store.counter_family::<Worker>(descriptor).unwrap();
    let done = AtomicBool::new(false);
    // Each life of a series is told by the handles of its time: a handle that is dropped has added one.
    let lost = thread::scope(|scope| {
        let recorder = scope.spawn(|| {
            let lost = (0..ROUNDS).filter(|_| {
                let handle = calls.series(&Worker(1), Place::Known);
                handle.increment();
                // As long as it is held, the series is the one that everybody gets.
                !std::sync::Arc::ptr_eq(&handle, &calls.series(&Worker(1), Place::Known))
            });
            let lost = lost.count();
            done.store(true, Relaxed);
            lost
        });
        while !done.load(Relaxed) {
            store.snapshot();
        }
        recorder.join().unwrap()
    });
    assert_eq!(lost, 0);
}

#[test]
fn a_family_that_is_taken_out_frees_its_names() {
    let (_, store) = store();
    let level = || Descriptor::new("level", "", "").with_extremes();
    let held = store.gauge_family::<()>(level()).unwrap().series(&(), Place::Known);
    let taken = store.counter_family::<()>(Descriptor::new("level_max", "", ""));
    assert!(matches!(taken, Err(RegisterError::Taken { .. })));
    assert!(store.unregister("level"));
    assert!(!store.unregister("level"));
    held.set(9);
    assert!(store.snapshot().family("level").is_none());
    store.counter_family::<()>(Descriptor::new("level_max", "", "")).unwrap();
    assert!(store.gauge_family::<()>(level()).is_err(), "its companion's name is taken now");
    store.gauge_family::<()>(Descriptor::new("level.min", "", "")).unwrap();
    store.counter_family::<()>(Descriptor::new("level", "", "")).unwrap();
}

#[test]
fn a_gauge_tells_its_extremes_of_the_last_minute() {
    let (time, store) = store();
    let level = Descriptor::new("level", "", "Depth.").with_extremes();
    let gauge = store.gauge_family::<Worker>(level).unwrap().series(&Worker(1), Place::Known);
    gauge.set(3);
    gauge.add(6);
    gauge.set(4);
    let told = || {
        let snapshot = store.snapshot();
        ["level.min", "level", "level.max"].map(|name| snapshot.value(name, &[("worker", "1")]).unwrap())
    };
    assert_eq!(told(), [0.0, 4.0, 9.0]);
    assert_eq!(told(), [0.0, 4.0, 9.0], "for every reader");
    time.advance(MINUTE);
    assert_eq!(told(), [4.0, 4.0, 4.0]);
    let help = store.snapshot().family("level.max").unwrap().descriptor().help().to_owned();
    assert_eq!(help, "Highest of the last minute: Depth.");
}
