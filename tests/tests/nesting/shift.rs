//! Those who do jobs: a worker behind a channel, two behind a broadcast, a pool.

use tokio::sync::{broadcast, mpsc};
use tokio::task::{JoinSet, spawn_blocking};
use tower_telemetry::runtime::Pool;
use tower_telemetry::{JoinSetExt, Traced, Workers};
use tower_telemetry_tests::soon;
use tracing::info;

use crate::callee::Callee;
use crate::house::house;

/// How work is handed over within a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Await,
    Spawn,
    SpawnBlocking,
    JoinSet,
    Channel,
    Broadcast,
    Pool,
}

impl Way {
    pub(crate) const ALL: [Self; 7] = [
        Self::Await,
        Self::Spawn,
        Self::SpawnBlocking,
        Self::JoinSet,
        Self::Channel,
        Self::Broadcast,
        Self::Pool,
    ];

    /// How many do the work.
    pub(crate) fn hands(self) -> usize {
        if self == Self::Broadcast { 2 } else { 1 }
    }
}

/// A job, and where it is told that it is done.
#[derive(Clone)]
pub(crate) struct Job {
    callee: Callee,
    done: mpsc::UnboundedSender<()>,
}

impl Job {
    /// Done with a span of its own, as work of the same request.
    async fn work(self) {
        let Self { callee, done } = self;
        let work = async move {
            info!("inside the job");
            callee.call().await;
        };
        house().work().continue_as("job").run(work).await;
        let _ = done.send(());
    }
}

/// Those who do jobs, on the runtime of one test.
#[derive(Clone)]
pub(crate) struct Shift {
    channel: mpsc::Sender<Traced<Job>>,
    broadcast: broadcast::Sender<Traced<Job>>,
    pool: Workers<Job>,
}

impl Shift {
    pub(crate) fn new() -> Self {
        let (channel, mut jobs) = mpsc::channel::<Traced<Job>>(8);
        tokio::spawn(async move {
            while let Some(job) = jobs.recv().await {
                job.run(Job::work).await;
            }
        });
        let (broadcast, _) = broadcast::channel::<Traced<Job>>(8);
        for mut jobs in [broadcast.subscribe(), broadcast.subscribe()] {
            tokio::spawn(async move {
                while let Ok(job) = jobs.recv().await {
                    job.run(Job::work).await;
                }
            });
        }
        let pool = Pool::register(house().telemetry.store(), "shift").unwrap();
        Self { channel, broadcast, pool: Workers::spawn(pool, 2, 8, Job::work) }
    }

    /// Hands a call over, and waits until it is done.
    pub(crate) async fn hand_over(&self, way: Way, callee: Callee) {
        let (done, mut is_done) = mpsc::unbounded_channel();
        let job = Job { callee, done };
        match way {
            Way::Await => job.work().await,
            Way::Spawn => tower_telemetry::spawn(job.work()).await.unwrap(),
            Way::SpawnBlocking => {
                let runtime = tokio::runtime::Handle::current();
                // From within a blocking thread, the work goes on on the runtime again.
                tower_telemetry::spawn_blocking(move || runtime.block_on(job.work())).await.unwrap();
            }
            Way::JoinSet => {
                let mut set = JoinSet::new();
                set.spawn_in_exchange(job.work());
                set.join_all().await;
            }
            Way::Channel => assert!(self.channel.send(Traced::new(job)).await.is_ok()),
            Way::Broadcast => assert!(self.broadcast.send(Traced::new(job)).is_ok()),
            Way::Pool => self.pool.submit(job).unwrap(),
        }
        for _ in 0..way.hands() {
            soon(is_done.recv()).await.expect("the job is done");
        }
        // The neighbours of the work have nothing of it.
        let bare = spawn_blocking(|| tower_telemetry::current().is_none());
        assert!(bare.await.unwrap());
    }
}
