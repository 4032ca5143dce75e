//! One of several workers.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tower_telemetry_runtime::{Pool, Ticket};
use tower_telemetry_trace::tasks::Traced;

use super::unwind::CatchPanic;

/// A job with its place in the queue.
pub(super) type Queued<T> = Traced<(T, Ticket)>;

/// Does jobs until there will be no more. Between two of them it keeps nothing of either.
pub(super) struct Worker<T, H> {
    pub(super) jobs: Arc<Mutex<mpsc::Receiver<Queued<T>>>>,
    pub(super) handler: H,
    pub(super) pool: Pool,
}

impl<T, H, F> Worker<T, H>
where
    H: Fn(T) -> F,
    F: Future<Output = ()>,
{
    pub(super) async fn work(self) {
        while let Some(job) = self.next().await {
            job.run(|(job, ticket)| {
                ticket.started();
                self.handle(job)
            })
            .await;
        }
    }

    async fn next(&self) -> Option<Queued<T>> {
        self.jobs.lock().await.recv().await
    }

    async fn handle(&self, job: T) {
        // To call the handler is part of what may panic.
        if CatchPanic::new(async { (self.handler)(job).await }).await.is_err() {
            self.pool.panicked();
        }
    }
}
