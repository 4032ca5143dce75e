//! The way from the gateway to the workers: bounded, in one process.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use crate::store::OrderId;

/// Jobs that may wait; more are refused.
const CAPACITY: usize = 256;

/// What a worker is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) order: OrderId,
}

/// No job is taken on now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// The sending end. Workers end once every clone of it is gone and the queue is empty.
#[derive(Debug, Clone)]
pub(crate) struct JobQueue {
    sender: mpsc::Sender<Envelope>,
}

impl JobQueue {
    /// Both ends of a new queue.
    pub(crate) fn new() -> (Self, Jobs) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        (Self { sender }, Jobs { receiver: Arc::new(Mutex::new(receiver)) })
    }

    /// Hands the job over without waiting.
    ///
    /// # Errors
    /// When the queue is full, or no worker is left.
    pub(crate) fn submit(&self, job: Job) -> Result<(), QueueFull> {
        self.sender.try_send(Envelope { job }).map_err(|_| QueueFull)
    }

    pub(crate) fn depth(&self) -> Depth {
        let capacity = self.sender.max_capacity();
        Depth { waiting: capacity - self.sender.capacity(), capacity }
    }
}

/// How full the queue is, in jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) waiting: usize,
    pub(crate) capacity: usize,
}

/// The receiving end, shared by the workers.
#[derive(Debug, Clone)]
pub(crate) struct Jobs {
    receiver: Arc<Mutex<mpsc::Receiver<Envelope>>>,
}

impl Jobs {
    /// The next job; `None` once there will be no more.
    pub(crate) async fn next(&self) -> Option<Job> {
        let Envelope { job } = self.receiver.lock().await.recv().await?;
        Some(job)
    }
}

/// What travels: the job, and room for what must travel with it.
#[derive(Debug)]
struct Envelope {
    job: Job,
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Depth, Job, JobQueue, QueueFull};

    #[tokio::test]
    async fn a_full_queue_refuses_and_loses_nothing() {
        let (queue, jobs) = JobQueue::new();
        for order in 0..CAPACITY as u64 {
            assert_eq!(queue.submit(Job { order }), Ok(()));
        }
        assert_eq!(queue.submit(Job { order: 999 }), Err(QueueFull));
        assert_eq!(queue.depth(), Depth { waiting: CAPACITY, capacity: CAPACITY });
        drop(queue);
        for order in 0..CAPACITY as u64 {
            assert_eq!(jobs.next().await, Some(Job { order }));
        }
        assert_eq!(jobs.next().await, None);
    }

    #[tokio::test]
    async fn a_queue_without_workers_refuses() {
        let (queue, jobs) = JobQueue::new();
        drop(jobs);
        assert_eq!(queue.submit(Job { order: 1 }), Err(QueueFull));
    }
}
