use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tower_telemetry_core::{Exchange, current};
use tower_telemetry_trace::InExchange;
use tower_telemetry_trace::tasks::{Continuation, JoinSetExt, spawn, spawn_blocking};

use crate::stage::{Seen, Stage, nothing, seen};

/// Tells what is current where it is dropped.
struct Last(Arc<Mutex<Option<Seen>>>);

impl Drop for Last {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = Some(seen());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_handler_spawns_belongs_to_its_exchange_and_a_bare_task_does_not() {
    let stage = Stage::new();
    let (here, there) = stage
        .handle(|| async {
            let mut set = JoinSet::new();
            set.spawn_in_exchange(async { seen() });
            set.spawn_blocking_in_exchange(seen);
            let mut there = set.join_all().await;
            there.push(spawn(async { seen() }).await.unwrap());
            there.push(spawn_blocking(seen).await.unwrap());
            let thread = Continuation::capture();
            there.push(std::thread::spawn(move || thread.within(seen)).join().unwrap());
            assert_eq!(tokio::spawn(async { seen() }).await.unwrap(), nothing());
            assert_eq!(tokio::task::spawn_blocking(seen).await.unwrap(), nothing());
            (seen(), there)
        })
        .await;
    assert!(here.in_exchange && here.told.is_some() && here.request_id.as_deref() == Some("req-1"));
    assert_eq!(there, vec![here; 5]);
    assert_eq!(seen(), nothing());
}

#[tokio::test]
async fn context_is_taken_at_the_call_and_not_at_the_first_poll() {
    let stage = Stage::new();
    let (task, here) = stage.handle(|| async { (async { seen() }.in_exchange(), seen()) }).await;
    assert_eq!(task.await, here);
    assert_eq!(seen(), nothing());
}

#[tokio::test]
async fn a_task_that_is_dropped_is_dropped_within_its_exchange() {
    let stage = Stage::new();
    let last = Arc::default();
    let task = |last: &Arc<Mutex<Option<Seen>>>| {
        let last = Last(Arc::clone(last));
        async move {
            let _last = last;
            std::future::pending::<()>().await;
        }
    };
    let here = stage
        .handle(|| async {
            // Before its first poll, and after.
            drop(task(&last).in_exchange());
            assert_eq!(last.lock().unwrap().take(), Some(seen()));
            let task = spawn(task(&last));
            tokio::task::yield_now().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            seen()
        })
        .await;
    assert_eq!(last.lock().unwrap().take(), Some(here));
}

#[tokio::test]
async fn a_future_that_is_over_keeps_no_exchange() {
    let stage = Stage::new();
    let (mut carried, weak) = stage
        .handle(|| async {
            let carried = Box::pin(async { seen() }.in_exchange());
            (carried, current().map(|exchange| Arc::downgrade(&exchange)).unwrap())
        })
        .await;
    assert!(weak.upgrade().is_some(), "it waits to be polled");
    carried.as_mut().await;
    assert!(weak.upgrade().is_none(), "it is over, and still there");
    drop(carried);
}

#[tokio::test]
async fn a_panic_in_a_task_leaves_nothing_on_its_thread() {
    let stage = Stage::new();
    stage
        .handle(|| async {
            let panicked = spawn(async { std::panic::resume_unwind(Box::new("as asked")) });
            assert!(panicked.await.unwrap_err().is_panic());
        })
        .await;
    // The same thread: the runtime has no other.
    assert_eq!(tokio::spawn(async { seen() }).await.unwrap(), nothing());
}

#[tokio::test]
async fn a_task_outlives_its_exchange_and_keeps_its_ids() {
    let stage = Stage::new();
    let (go, gone) = oneshot::channel::<()>();
    let (task, here, weak) = stage
        .handle(|| async {
            let weak: std::sync::Weak<Exchange> = Arc::downgrade(&current().unwrap());
            let task = spawn(async move {
                gone.await.unwrap();
                seen()
            });
            (task, seen(), weak)
        })
        .await;
    assert_eq!(stage.finished().len(), 1, "the span of the exchange ends with the exchange");
    go.send(()).unwrap();
    assert_eq!(task.await.unwrap(), here);
    assert!(weak.upgrade().is_none(), "nothing is kept when the task is over");
}
