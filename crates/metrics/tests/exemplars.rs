//! Exemplars, from the recording to the snapshot.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::time::{Duration, SystemTime};

use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_metrics::{Bounds, Descriptor, Exemplar, ManualClock, Place, Store};

fn sampled() -> TraceIds {
    TraceIds::random(TraceFlags::SAMPLED)
}

#[test]
fn each_bucket_tells_the_first_sampled_recording_since_the_last_snapshot() {
    let time = ManualClock::new(SystemTime::UNIX_EPOCH);
    let store = Store::with_clock(time.clock());
    let wait = Descriptor::new("wait", "s", "");
    let wait = store.histogram_family::<()>(wait, Bounds::from_seconds(&[0.1, 1.0]).unwrap()).unwrap();
    let wait = wait.series(&(), Place::Known);
    let (fast, slow, later) = (sampled(), sampled(), sampled());
    time.advance(Duration::from_secs(9));
    wait.record_with(Duration::from_millis(50), None);
    wait.record_with(Duration::from_millis(50), Some(&TraceIds::random(TraceFlags::default())));
    wait.record_with(Duration::from_millis(60), Some(&fast));
    wait.record_with(Duration::from_millis(70), Some(&later));
    wait.record_with(Duration::from_secs(5), Some(&slow));

    let told = |ids: TraceIds, value, seconds| Exemplar {
        trace_id: ids.trace_id,
        span_id: ids.span_id,
        value,
        time: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
    };
    let read = || {
        let snapshot = store.snapshot();
        let value = snapshot.histogram("wait", &[]).unwrap();
        value.exemplars().map(Option::<&Exemplar>::copied).collect::<Vec<_>>()
    };
    assert_eq!(read(), [Some(told(fast, 0.06, 9)), None, Some(told(slow, 5.0, 9))]);
    time.advance(Duration::from_secs(1));
    wait.record_with(Duration::from_millis(80), Some(&later));
    assert_eq!(read(), [Some(told(later, 0.08, 10)), None, Some(told(slow, 5.0, 9))]);
    assert_eq!(wait.count(), 6);
}

#[test]
fn a_counter_has_one_exemplar() {
    let store = Store::new();
    let calls = store.counter_family::<()>(Descriptor::new("calls", "", "")).unwrap();
    let calls = calls.series(&(), Place::Known);
    calls.add_with(2, Some(&TraceIds::random(TraceFlags::default())));
    let exemplar = |store: &Store| {
        let snapshot = store.snapshot();
        snapshot.family("calls").unwrap().series().next().unwrap().exemplar().copied()
    };
    assert_eq!(exemplar(&store), None);
    let ids = sampled();
    calls.add_with(3, Some(&ids));
    let told = exemplar(&store).unwrap();
    assert_eq!((told.trace_id, told.span_id, told.value), (ids.trace_id, ids.span_id, 3.0));
    assert_eq!(calls.value(), 5);
}
