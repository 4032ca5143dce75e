//! The way to the workers: bounded, and measured.

use std::sync::Arc;

use tower_telemetry::{Traced, Workers, runtime::Pool};

use super::Dock;
use crate::{store::OrderId, visit::Visit};

/// Jobs that may wait; more are refused.
const CAPACITY: usize = 256;

/// Shipping workers.
const WORKERS: usize = 4;

/// What a worker is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) order: OrderId,
    pub(crate) visit: Visit,
}

/// No job is taken on now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// The queue and the workers behind it: a handle. A job travels in the envelope of the request that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct JobQueue {
    workers: Workers<Traced<Job>>,
    dock: Arc<Dock>,
}

impl JobQueue {
    /// A queue in front of this dock, measured as this pool. Needs a tokio runtime.
    pub(crate) fn before(dock: Dock, pool: Pool) -> Self {
        let dock = Arc::new(dock);
        let worker = {
            let dock = Arc::clone(&dock);
            move |job| {
                let dock = Arc::clone(&dock);
                async move { dock.work(job).await }
            }
        };
        Self { workers: Workers::spawn(pool, WORKERS, CAPACITY, worker), dock }
    }

    /// Hands the job over without waiting.
    ///
    /// # Errors
    /// When the queue is full, or closed.
    pub(crate) fn submit(&self, job: Traced<Job>) -> Result<(), QueueFull> {
        self.workers.submit(job).map_err(|_| QueueFull)
    }

    pub(crate) fn depth(&self) -> Depth {
        let waiting = usize::try_from(self.workers.pool().depth()).unwrap_or(0);
        Depth { waiting, capacity: CAPACITY }
    }

    /// Has all jobs done that were taken, and the last manifest written.
    pub(crate) async fn close(&self) {
        self.workers.shutdown().await;
        self.dock.close().await;
    }
}

/// How full the queue is, in jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) waiting: usize,
    pub(crate) capacity: usize,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::Arc;

    use tower_telemetry::Traced;

    use super::{CAPACITY, Depth, Job, JobQueue, QueueFull};
    use crate::{
        shipping::Report,
        store::{Orders, Stage},
        visit::Visit,
        watch::Watch,
    };

    fn job(order: u64) -> Job {
        Job { order, visit: Visit::UNTOLD }
    }

    fn queue() -> (JobQueue, Arc<Orders>) {
        let (watch, orders) = (Watch::test(), Arc::new(Orders::new()));
        (watch.job_queue(Report::To(Arc::clone(&orders))).unwrap(), orders)
    }

    #[tokio::test(start_paused = true)]
    async fn workers_finish_what_waits_and_leave() {
        let (queue, orders) = queue();
        let placed = [(); 10].map(|()| orders.place("tea".to_owned(), 1, None).id);
        for order in placed {
            queue.submit(Traced::new(job(order))).unwrap();
        }
        queue.close().await;
        for order in placed {
            assert_eq!(orders.get(order).unwrap().stage, Stage::Shipped);
        }
        assert_eq!(queue.submit(Traced::new(job(1))), Err(QueueFull));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_refuses_and_loses_nothing() {
        let (queue, orders) = queue();
        let placed = [(); CAPACITY].map(|()| orders.place("tea".to_owned(), 1, None).id);
        for order in placed {
            queue.submit(Traced::new(job(order))).unwrap();
        }
        assert_eq!(queue.submit(Traced::new(job(999))), Err(QueueFull));
        assert_eq!(queue.depth(), Depth { waiting: CAPACITY, capacity: CAPACITY });
        queue.close().await;
        assert_eq!(queue.depth().waiting, 0);
        assert!(placed.iter().all(|order| orders.get(*order).unwrap().stage == Stage::Shipped));
    }
}
