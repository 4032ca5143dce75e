use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::sync::{Semaphore, mpsc};
use tower_telemetry::metrics::Store;
use tower_telemetry::runtime::Pool;
use tower_telemetry::{SubmitError, Workers, current};

use crate::handled::{handled, id, weak};

const POOL: &[(&str, &str)] = &[("pool", "mails")];

fn pool() -> (Store, Pool) {
    let store = Store::new();
    let pool = Pool::register(&store, "mails").unwrap();
    (store, pool)
}

fn told(store: &Store, what: &str) -> f64 {
    store.snapshot().value(&format!("tower_telemetry.runtime.pool.{what}"), POOL).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_job_runs_within_the_exchange_that_submitted_it() {
    let (store, pool) = pool();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noting = Arc::clone(&seen);
    let workers = Workers::spawn(pool, 4, 8, move |job: usize| {
        let noting = Arc::clone(&noting);
        let at_the_call = id();
        async move {
            tokio::task::yield_now().await;
            noting.lock().unwrap().push((job, at_the_call, id()));
        }
    });
    for job in 0..100 {
        handled(&format!("r{job}"), || workers.send(job)).await.unwrap();
    }
    workers.shutdown().await;
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    let expected: Vec<_> =
        (0..100).map(|job| (job, Some(format!("r{job}")), Some(format!("r{job}")))).collect();
    assert_eq!(seen, expected);
    let wait = store.snapshot().histogram("tower_telemetry.runtime.pool.queue.wait", POOL).unwrap().count();
    assert_eq!((wait, told(&store, "queue.depth"), told(&store, "queue.abandoned")), (100, 0.0, 0.0));
}

#[tokio::test]
async fn a_job_that_panics_is_told_and_its_worker_goes_on() {
    let (store, pool) = pool();
    let (done, mut finished) = mpsc::unbounded_channel();
    let workers = Workers::spawn(pool, 1, 8, move |job: &'static str| {
        assert!(job != "early", "as asked, before there is a future");
        let done = done.clone();
        async move {
            tokio::task::yield_now().await;
            assert!(job != "late", "as asked");
            done.send((job, id())).unwrap();
        }
    });
    for job in ["early", "late"] {
        handled("a", || workers.send(job)).await.unwrap();
    }
    workers.submit("fine").unwrap();
    workers.shutdown().await;
    assert_eq!(finished.recv().await, Some(("fine", None)), "nothing of the panicked job is left");
    assert_eq!(told(&store, "panics"), 2.0);
}

/// A future whose destructor panics if it is told to.
struct Job(bool);

impl Future for Job {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        assert!(!self.0, "as asked, in the drop");
    }
}

#[tokio::test]
async fn a_job_that_panics_in_its_destructor_does_not_take_its_worker_along() {
    let (store, pool) = pool();
    let workers = Workers::spawn(pool, 1, 8, Job);
    for panics in [true, false, true] {
        workers.submit(panics).unwrap();
    }
    workers.shutdown().await;
    assert_eq!((told(&store, "panics"), told(&store, "queue.abandoned")), (2.0, 0.0));
}

#[tokio::test]
async fn a_shutdown_does_what_is_queued_and_takes_no_more() {
    let (_store, pool) = pool();
    let done = Arc::new(Mutex::new(Vec::new()));
    let noting = Arc::clone(&done);
    let workers = Workers::spawn(pool, 2, 8, move |job: u8| {
        noting.lock().unwrap().push(job);
        async {}
    });
    let queued = [1, 2, 3].map(|job| workers.submit(job));
    assert_eq!(queued, [Ok(()); 3]);
    let other = workers.clone();
    workers.shutdown().await;
    assert_eq!(*done.lock().unwrap(), [1, 2, 3]);
    assert_eq!(other.submit(4), Err(SubmitError::Closed(4)));
    assert_eq!(other.send(5).await.unwrap_err().into_job(), 5);
    other.shutdown().await;
}

#[tokio::test]
async fn a_full_queue_refuses_and_what_it_refuses_never_stood_in_it() {
    let (store, pool) = pool();
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let workers = Workers::spawn(pool, 1, 2, move |_: u8| {
        let waiting = Arc::clone(&waiting);
        async move { waiting.acquire().await.unwrap().forget() }
    });
    workers.submit(0).unwrap();
    tokio::task::yield_now().await; // the worker takes it
    assert_eq!([1, 2, 3].map(|job| workers.submit(job)), [Ok(()), Ok(()), Err(SubmitError::Full(3))]);
    assert_eq!((workers.pool().depth(), told(&store, "queue.abandoned")), (2, 0.0));
    gate.add_permits(3);
    workers.shutdown().await;
    assert_eq!((workers.pool().depth(), told(&store, "queue.abandoned")), (0, 0.0));
}

#[tokio::test]
async fn idle_workers_keep_nothing_of_an_exchange() {
    let (_store, pool) = pool();
    let (done, mut finished) = mpsc::unbounded_channel();
    let workers = Workers::spawn(pool, 3, 8, move |panics: bool| {
        let done = done.clone();
        async move {
            assert!(current().is_some());
            done.send(()).unwrap();
            assert!(!panics, "as asked");
        }
    });
    for panics in [false, true, false] {
        let card = handled("a", || async {
            workers.submit(panics).unwrap();
            weak()
        })
        .await;
        assert!(card.upgrade().is_some(), "the queued job keeps it");
        finished.recv().await.unwrap();
        tokio::task::yield_now().await;
        assert!(card.upgrade().is_none(), "the job is over");
    }
    workers.shutdown().await;
}

#[tokio::test]
async fn workers_end_when_nobody_can_give_them_jobs() {
    let (store, pool) = pool();
    let (done, mut finished) = mpsc::unbounded_channel();
    let workers = Workers::spawn(pool, 2, 8, move |job: u8| {
        done.send(job).unwrap();
        async {}
    });
    workers.submit(1).unwrap();
    drop(workers);
    assert_eq!((finished.recv().await, finished.recv().await), (Some(1), None));
    assert_eq!(told(&store, "queue.depth"), 0.0);
}
