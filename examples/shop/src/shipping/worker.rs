//! A worker: packs, waits for the courier, ships.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use super::{Job, Jobs};
use crate::store::{Orders, Stage};

/// Works until there are no more jobs.
pub(crate) async fn work(jobs: Jobs, orders: Arc<Orders>) {
    while let Some(job) = jobs.next().await {
        ship(job, &orders).await;
    }
}

async fn ship(Job { order }: Job, orders: &Orders) {
    sleep(Duration::from_millis(fastrand::u64(8..22))).await;
    orders.advance(order, Stage::Packed);
    sleep(Duration::from_millis(fastrand::u64(4..14))).await;
    orders.advance(order, Stage::Shipped);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::Arc;

    use super::work;
    use crate::{
        shipping::{Job, JobQueue},
        store::{Orders, Stage},
    };

    #[tokio::test(start_paused = true)]
    async fn workers_finish_what_waits_and_leave() {
        let orders = Arc::new(Orders::new());
        let (queue, jobs) = JobQueue::new();
        let placed = [(); 10].map(|()| orders.place("tea".to_owned(), 1, None).id);
        for order in placed {
            queue.submit(Job { order }).unwrap();
        }
        drop(queue);
        tokio::join!(work(jobs.clone(), Arc::clone(&orders)), work(jobs, Arc::clone(&orders)));
        for order in placed {
            assert_eq!(orders.get(order).unwrap().stage, Stage::Shipped);
        }
    }
}
