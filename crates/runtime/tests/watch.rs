//! The watch over a real runtime, with its time paused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::{JoinSet, yield_now};
use tower_telemetry_metrics::Store;
use tower_telemetry_runtime::leak::{Accounting, LeakState};
use tower_telemetry_runtime::{TaskWatch, Tasks, TokioRuntime};

const SECOND: Duration = Duration::from_secs(1);

/// Lets a second pass, and everything that waits for it happen.
async fn pass_a_second() {
    tokio::time::advance(SECOND).await;
    for _ in 0..3 {
        yield_now().await;
    }
}

fn watch(tasks: &Tasks) -> TaskWatch {
    TaskWatch::new(TokioRuntime::current().unwrap(), tasks.clone())
}

#[tokio::test(start_paused = true)]
async fn a_place_that_leaks_five_tasks_a_second_is_named_within_its_time() {
    let (tasks, store) = (Tasks::new(), Store::new());
    let watch = watch(&tasks);
    store.collector(watch.clone());
    tokio::spawn(watch.clone().run());

    let (mut leaked, mut sound) = (JoinSet::new(), JoinSet::new());
    let (mut hint, mut alarm, mut line) = (None, None, 0);
    for second in 0..200 {
        for _ in 0..5 {
            leaked.spawn(tasks.counted(pending::<()>()));
            line = line!() - 1;
            sound.spawn(tasks.counted(async {}));
        }
        pass_a_second().await;
        while sound.try_join_next().is_some() {}
        let report = watch.report();
        match report.suspect().map(|suspect| suspect.state) {
            Some(LeakState::Alarm(_)) => _ = alarm.get_or_insert(second),
            Some(_) => _ = hint.get_or_insert(second),
            None => {}
        }
    }

    assert!(hint.is_some_and(|second| second <= 90), "{hint:?}");
    assert!(alarm.is_some_and(|second| second <= 180), "{alarm:?}");
    let report = watch.report();
    let suspect = report.suspect().unwrap();
    let place = suspect.location.unwrap();
    assert_eq!((place.file(), place.line()), (file!(), line));
    assert!((suspect.state.per_second() - 5.0).abs() < 0.5, "{suspect:?}");
    assert_eq!((suspect.alive, suspect.started), (1_000, 1_000));

    let site = suspect.site();
    let snapshot = store.snapshot();
    let value = |name| snapshot.value(name, &[("site", site.as_str())]);
    assert_eq!(value("tower_telemetry.runtime.site.tasks.leak"), Some(2.0));
    assert_eq!(value("tower_telemetry.runtime.site.tasks.alive"), Some(1_000.0));
    assert_eq!(
        snapshot.total("tower_telemetry.runtime.site.tasks.leak", &[]),
        2.0,
        "the sound place is quiet"
    );
    assert_eq!(
        snapshot.value("tower_telemetry.runtime.tasks.leak", &[]),
        Some(1.0),
        "of the whole only a hint"
    );
}

#[tokio::test(start_paused = true)]
async fn a_place_that_leaks_one_task_in_ten_seconds_is_alarmed_within_ten_minutes() {
    let tasks = Tasks::new();
    let watch = watch(&tasks);
    tokio::spawn(watch.clone().run());
    let mut leaked = JoinSet::new();
    let alarm = async {
        for second in 0..1_000 {
            if second % 10 == 0 {
                leaked.spawn(tasks.counted(pending::<()>()));
            }
            pass_a_second().await;
            if watch.report().suspect().is_some_and(|suspect| suspect.state.is_alarm()) {
                return second;
            }
        }
        u64::MAX
    };
    let alarm = alarm.await;
    assert!(alarm <= 600, "{alarm}");
}

#[tokio::test(start_paused = true)]
async fn a_wave_of_short_tasks_is_no_leak_however_long_it_rises() {
    let tasks = Tasks::new();
    let watch = watch(&tasks);
    tokio::spawn(watch.clone().run());
    // Ever more tasks that live for five seconds: 3 a second more each second.
    for second in 0..400_u64 {
        for _ in 0..second * 3 / 5 {
            tokio::spawn(tasks.counted(tokio::time::timeout(SECOND * 5, pending::<()>())));
        }
        pass_a_second().await;
        for site in &watch.report().sites {
            assert!(!site.state.is_alarm(), "{second}: {site:?}");
        }
    }
    assert!(watch.report().sites.iter().any(|site| site.alive > 1_000), "{:?}", watch.report());
}

#[tokio::test(start_paused = true)]
async fn connections_are_explained_at_their_place_and_in_the_whole() {
    let tasks = Tasks::new();
    let runtime = TokioRuntime::current().unwrap();
    let watch = TaskWatch::with_connections(runtime, tasks.clone(), Accounting::Exact, || 0);
    tokio::spawn(watch.clone().run());
    let mut sockets = JoinSet::new();
    for _ in 0..400 {
        for _ in 0..8 {
            sockets.spawn(tasks.connection(pending::<()>()));
        }
        pass_a_second().await;
        let report = watch.report();
        assert!(!report.runtime.is_alarm(), "{report:?}");
        assert!(report.suspect().is_none_or(|suspect| !suspect.state.is_alarm()), "{report:?}");
    }
    assert_eq!(watch.report().sites.iter().map(|site| site.alive).sum::<u64>(), 3_200);
}

#[tokio::test(start_paused = true)]
async fn connections_that_the_program_counts_are_explained() {
    let open = Arc::new(AtomicU64::new(0));
    let (runtime, counted) = (TokioRuntime::current().unwrap(), Arc::clone(&open));
    let connections = move || counted.load(Relaxed);
    let watch = TaskWatch::with_connections(runtime, Tasks::new(), Accounting::Exact, connections);
    tokio::spawn(watch.clone().run());
    for _ in 0..400 {
        for _ in 0..8 {
            tokio::spawn(pending::<()>());
        }
        open.fetch_add(8, Relaxed);
        pass_a_second().await;
        assert!(!watch.report().runtime.is_alarm(), "{:?}", watch.report());
    }
}

#[tokio::test(start_paused = true)]
async fn a_leak_that_nobody_counts_is_found_in_the_whole() {
    let runtime = TokioRuntime::current().unwrap();
    let watch = TaskWatch::with_connections(runtime, Tasks::new(), Accounting::Exact, || 0);
    tokio::spawn(watch.clone().run());
    for _ in 0..60 {
        for _ in 0..6 {
            tokio::spawn(pending::<()>());
        }
        pass_a_second().await;
    }
    let report = watch.report();
    assert!(report.runtime.is_alarm(), "{report:?}");
    assert_eq!(report.suspect(), None);
}
