//! A task is counted from its making until its future is gone, whatever ends it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::future::pending;
use std::time::Duration;

use tokio::task::JoinSet;
use tower_telemetry_runtime::{SiteReport, TaskWatch, Tasks, TokioRuntime, spawn};

/// Alive and started over all places.
fn counts(tasks: &Tasks) -> (u64, u64) {
    sites(tasks).iter().fold((0, 0), |(alive, started), site| (alive + site.alive, started + site.started))
}

fn sites(tasks: &Tasks) -> Vec<SiteReport> {
    let watch = TaskWatch::new(TokioRuntime::current().unwrap(), tasks.clone());
    watch.tick(Duration::ZERO);
    watch.report().sites
}

#[tokio::test]
async fn a_task_that_is_over_is_not_alive() {
    let tasks = Tasks::new();
    let task = tokio::spawn(tasks.counted(async { 42 }));
    assert_eq!(counts(&tasks), (1, 1));
    assert_eq!(task.await.unwrap(), 42);
    assert_eq!(counts(&tasks), (0, 1));
}

#[tokio::test]
async fn a_task_that_is_aborted_is_not_alive() {
    let tasks = Tasks::new();
    let task = tokio::spawn(tasks.counted(pending::<()>()));
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(counts(&tasks), (0, 1));
}

#[tokio::test]
async fn a_task_that_panics_is_not_alive() {
    let tasks = Tasks::new();
    let task = tokio::spawn(tasks.counted(async { std::panic::resume_unwind(Box::new("a bug")) }));
    assert!(task.await.map(|(): ()| ()).unwrap_err().is_panic());
    assert_eq!(counts(&tasks), (0, 1));
}

#[tokio::test]
async fn a_future_that_is_never_spawned_is_not_alive() {
    let tasks = Tasks::new();
    drop(tasks.counted(async {}));
    assert_eq!(counts(&tasks), (0, 1));
}

#[tokio::test]
async fn a_set_that_is_dropped_leaves_no_task_alive() {
    let tasks = Tasks::new();
    let mut set = JoinSet::new();
    for _ in 0..10 {
        set.spawn(tasks.counted(pending::<()>()));
        set.spawn(tasks.connection(pending::<()>()));
    }
    assert_eq!(counts(&tasks), (20, 20));
    set.shutdown().await;
    assert_eq!(counts(&tasks), (0, 20));
}

#[tokio::test]
async fn a_task_is_alive_while_its_destructors_run() {
    struct Look(Tasks, tokio::sync::oneshot::Sender<(u64, u64)>);
    struct OnDrop(Option<Look>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            if let Some(Look(tasks, tell)) = self.0.take() {
                let _ = tell.send(counts(&tasks));
            }
        }
    }
    let tasks = Tasks::new();
    let (tell, told) = tokio::sync::oneshot::channel();
    let held = OnDrop(Some(Look(tasks.clone(), tell)));
    let task = tokio::spawn(tasks.counted(async move {
        let _held = held;
        pending::<()>().await;
    }));
    tokio::task::yield_now().await;
    task.abort();
    assert_eq!(told.await.unwrap(), (1, 1));
}

#[tokio::test]
async fn a_spawned_task_is_counted_at_the_line_that_spawns_it() {
    let (task, line) = (spawn(async { "done" }), line!());
    assert_eq!(task.await.unwrap(), "done");
    let here = sites(Tasks::process())
        .into_iter()
        .find(|site| site.location.is_some_and(|place| (place.file(), place.line()) == (file!(), line)));
    assert_eq!(here.map(|site| (site.alive, site.started)), Some((0, 1)));
}
