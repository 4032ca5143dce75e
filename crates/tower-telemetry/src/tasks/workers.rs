use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::JoinHandle;
use tower_telemetry_runtime::{Pool, connection};
use tower_telemetry_trace::tasks::Traced;

use super::submit_error::SubmitError;
use super::worker::{Queued, Worker};

/// A fixed number of workers behind a bounded queue: a handle, cheap to clone.
///
/// Each job runs within the exchange and the trace context in which it was submitted. The [`Pool`] tells how many
/// jobs wait, and for how long. A job that panics is counted and logged, and its worker goes on.
///
/// ```
/// use tower_telemetry::Workers;
/// use tower_telemetry::metrics::Store;
/// use tower_telemetry::runtime::Pool;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = Pool::register(&Store::new(), "shipping")?; // or `telemetry.store()`
/// let workers = Workers::spawn(pool, 4, 256, |order: u64| async move {
///     // log lines and spans in here belong to the exchange that submitted the order
///     # let _ = order;
/// });
/// workers.submit(17)?; // in a handler
/// workers.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// Jobs of the same request continue its trace: [`Spans::continue_as`](crate::Spans::continue_as) in the handler
/// makes a child. For work that is to have a trace of its own, give
/// [`Spans::start_linked`](crate::Spans::start_linked) a [`Continuation::capture`](crate::Continuation::capture).
///
/// When all handles are gone, the workers do what is queued and end.
pub struct Workers<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    /// `None` once they are shut down.
    queue: Mutex<Option<mpsc::Sender<Queued<T>>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    pool: Pool,
}

impl<T: Send + 'static> Workers<T> {
    /// Spawns `count` workers, behind a queue of at most `capacity` waiting jobs; each is at least one.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as [`tokio::spawn`].
    #[track_caller]
    pub fn spawn<H, F>(pool: Pool, count: usize, capacity: usize, handler: H) -> Self
    where
        H: Fn(T) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (queue, jobs) = mpsc::channel(capacity.max(1));
        let jobs = Arc::new(tokio::sync::Mutex::new(jobs));
        let mut tasks = Vec::with_capacity(count.max(1));
        for _ in 0..count.max(1) {
            let worker = Worker { jobs: Arc::clone(&jobs), handler: handler.clone(), pool: pool.clone() };
            // As many as were asked for, for as long as the program likes: no leak.
            tasks.push(tokio::spawn(connection(worker.work())));
        }
        Self { shared: Arc::new(Shared { queue: Mutex::new(Some(queue)), tasks: Mutex::new(tasks), pool }) }
    }
}

impl<T> Workers<T> {
    /// Hands a job over without waiting.
    ///
    /// # Errors
    ///
    /// The queue is full, or the workers are shut down; the job is given back.
    pub fn submit(&self, job: T) -> Result<(), SubmitError<T>> {
        let queue = lock(&self.shared.queue);
        let Some(queue) = queue.as_ref() else { return Err(SubmitError::Closed(job)) };
        // A job that is refused never stood in the queue.
        match queue.try_reserve() {
            Ok(place) => {
                place.send(self.queued(job));
                Ok(())
            }
            Err(TrySendError::Full(())) => Err(SubmitError::Full(job)),
            Err(TrySendError::Closed(())) => Err(SubmitError::Closed(job)),
        }
    }

    /// Hands a job over as soon as there is room. Until then it does not stand in the queue.
    ///
    /// # Errors
    ///
    /// The workers are shut down; the job is given back.
    pub async fn send(&self, job: T) -> Result<(), SubmitError<T>> {
        let queue = lock(&self.shared.queue).clone();
        let Some(queue) = queue else { return Err(SubmitError::Closed(job)) };
        match queue.reserve().await {
            Ok(place) => {
                place.send(self.queued(job));
                Ok(())
            }
            Err(_closed) => Err(SubmitError::Closed(job)),
        }
    }

    /// The metrics of the pool: how many jobs wait.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    /// Takes no more jobs, and waits until those that were taken are done. A second call does not wait.
    pub async fn shutdown(&self) {
        drop(lock(&self.shared.queue).take());
        let tasks = std::mem::take(&mut *lock(&self.shared.tasks));
        for task in tasks {
            // A worker does not panic; one that its runtime has dropped is over, too.
            let _ = task.await;
        }
    }

    fn queued(&self, job: T) -> Queued<T> {
        Traced::new((job, self.shared.pool.enqueued()))
    }
}

/// Nothing panics under these locks.
fn lock<L>(mutex: &Mutex<L>) -> MutexGuard<'_, L> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// By hand: a job need not be `Clone` or `Debug`.
impl<T> Clone for Workers<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> fmt::Debug for Workers<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("pool", &self.shared.pool.name()).finish_non_exhaustive()
    }
}
