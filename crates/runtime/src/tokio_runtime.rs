//! What the scheduler of a tokio runtime tells without `tokio_unstable`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeMetrics};
use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Collect, Descriptor, Sample};

use crate::busy::Busy;

const WORKERS: Descriptor = Descriptor::of(metric::RUNTIME_WORKERS);
const PARKED: Descriptor = Descriptor::of(metric::RUNTIME_WORKERS_PARKED);
const BUSY_TIME: Descriptor = Descriptor::of(metric::RUNTIME_WORKER_BUSY_TIME);
const PARKS: Descriptor = Descriptor::of(metric::RUNTIME_WORKER_PARKS);
const BUSY: Descriptor = Descriptor::of(metric::RUNTIME_BUSY);
const ALIVE: Descriptor = Descriptor::of(metric::RUNTIME_TASKS_ALIVE);
const QUEUE: Descriptor = Descriptor::of(metric::RUNTIME_GLOBAL_QUEUE_DEPTH);

/// The collector of a runtime's metrics: a handle, cheap to clone. It does not keep the runtime running.
///
/// Counters are those of the runtime, told as they are: nothing is computed between two scrapes, so the first of
/// them shows no spike and a second scraper takes nothing from the other. The share of busy time alone needs a clock;
/// it is there while a [`TaskWatch`](crate::TaskWatch) ticks, from its second tick on.
///
/// ```
/// use tower_telemetry_metrics::Store;
/// use tower_telemetry_runtime::TokioRuntime;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let store = Store::new();
/// if let Some(runtime) = TokioRuntime::current() {
///     store.collector(runtime);
/// }
/// assert_eq!(store.snapshot().value("tower_telemetry.runtime.workers", &[]), Some(1.0));
/// # }
/// ```
///
/// # Cardinality
///
/// Two series for each worker thread, by its number.
#[derive(Clone, Debug)]
pub struct TokioRuntime {
    metrics: RuntimeMetrics,
    busy: Arc<Mutex<Busy>>,
}

impl TokioRuntime {
    /// The runtime that this code runs on; `None` outside of one.
    #[must_use]
    pub fn current() -> Option<Self> {
        Handle::try_current().ok().map(|handle| Self::of(&handle))
    }

    /// The runtime of this handle.
    #[must_use]
    pub fn of(handle: &Handle) -> Self {
        Self { metrics: handle.metrics(), busy: Arc::default() }
    }

    /// Tasks that are alive. Tokio counts in shards, without a lock: the sum may be off by those that come and go
    /// meanwhile.
    #[must_use]
    pub fn alive_tasks(&self) -> u64 {
        self.metrics.num_alive_tasks() as u64
    }

    /// The share of busy time between the last two ticks, 0 to 1.
    #[must_use]
    pub fn busy_share(&self) -> Option<f64> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).share()
    }

    /// Reads how busy the workers are at a moment that is `at` after a fixed one.
    pub(crate) fn tick(&self, at: Duration) {
        let workers = self.metrics.num_workers();
        let total = (0..workers).map(|worker| self.metrics.worker_total_busy_duration(worker)).sum();
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).sample(at, total, workers);
    }
}

impl Collect for TokioRuntime {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        let metrics = &self.metrics;
        let workers = metrics.num_workers();
        // An odd count of parks and unparks together: it has parked and has not come back.
        let parked = (0..workers).filter(|worker| metrics.worker_park_unpark_count(*worker) % 2 == 1);
        out(Sample::gauge(&WORKERS, &[], workers));
        out(Sample::gauge(&PARKED, &[], parked.count()));
        out(Sample::gauge(&ALIVE, &[], self.alive_tasks()));
        out(Sample::gauge(&QUEUE, &[], metrics.global_queue_depth()));
        if let Some(share) = self.busy_share() {
            out(Sample::gauge(&BUSY, &[], share));
        }
        for worker in 0..workers {
            let number = worker.to_string();
            let labels = [(attribute::WORKER, number.as_str())];
            let busy = metrics.worker_total_busy_duration(worker).as_secs_f64();
            out(Sample::counter(&BUSY_TIME, &labels, busy));
            out(Sample::counter(&PARKS, &labels, metrics.worker_park_count(worker)));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::future::pending;

    use tower_telemetry_metrics::Store;

    use super::*;

    fn told(runtime: &TokioRuntime, name: &str) -> f64 {
        let store = Store::new();
        store.collector(runtime.clone());
        store.snapshot().total(name, &[])
    }

    #[test]
    fn outside_of_a_runtime_there_is_none() {
        assert!(TokioRuntime::current().is_none());
    }

    #[tokio::test]
    async fn the_tasks_alive_are_those_spawned_and_not_over() {
        let runtime = TokioRuntime::current().unwrap();
        let tasks: Vec<_> = (0..7).map(|_| tokio::spawn(pending::<()>())).collect();
        assert_eq!(told(&runtime, "tower_telemetry.runtime.tasks.alive"), 7.0);
        for task in tasks {
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
        assert_eq!(told(&runtime, "tower_telemetry.runtime.tasks.alive"), 0.0);
    }

    #[test]
    fn each_worker_has_its_series() {
        let pool = tokio::runtime::Builder::new_multi_thread().worker_threads(3).build().unwrap();
        let runtime = TokioRuntime::of(pool.handle());
        let store = Store::new();
        store.collector(runtime.clone());
        let snapshot = store.snapshot();
        assert_eq!(snapshot.value("tower_telemetry.runtime.workers", &[]), Some(3.0));
        for name in ["tower_telemetry.runtime.worker.busy_time", "tower_telemetry.runtime.worker.parks"] {
            assert_eq!(snapshot.family(name).unwrap().series().count(), 3, "{name}");
        }
        assert_eq!(snapshot.total("tower_telemetry.samples.refused", &[]), 0.0);
    }

    #[test]
    fn it_can_be_read_after_the_runtime_is_gone() {
        let pool = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let runtime = TokioRuntime::of(pool.handle());
        drop(pool);
        assert_eq!(told(&runtime, "tower_telemetry.runtime.tasks.alive"), 0.0);
    }

    #[tokio::test]
    async fn the_share_of_busy_time_is_absent_before_the_second_tick() {
        let runtime = TokioRuntime::current().unwrap();
        runtime.tick(Duration::from_secs(1));
        let store = Store::new();
        store.collector(runtime.clone());
        assert_eq!(store.snapshot().value("tower_telemetry.runtime.busy", &[]), None);
        runtime.tick(Duration::from_secs(2));
        assert!(store.snapshot().value("tower_telemetry.runtime.busy", &[]).is_some());
    }
}
