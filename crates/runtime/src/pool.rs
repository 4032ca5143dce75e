//! How long work waits for a worker, and how much of it does.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tower_telemetry_core::names::{DURATION_BOUNDS, attribute, metric};
use tower_telemetry_metrics::{
    Bounds, Counter, Descriptor, Gauge, Histogram, LabelValue, Labels, Place, RegisterError, Store,
};

/// The metrics of one worker pool, of whatever kind: a handle, cheap to clone.
///
/// ```
/// use tower_telemetry_metrics::Store;
/// use tower_telemetry_runtime::Pool;
///
/// let store = Store::new();
/// let pool = Pool::register(&store, "mails")?;
///
/// let ticket = pool.enqueued(); // travels with the item through the queue
/// # let depth = || store.snapshot().value("tower_telemetry.runtime.pool.queue.depth", &[("pool", "mails")]);
/// assert_eq!(depth(), Some(1.0));
/// ticket.started(); // in the worker
/// assert_eq!(depth(), Some(0.0));
/// # Ok::<(), tower_telemetry_metrics::RegisterError>(())
/// ```
///
/// # Cardinality
///
/// A depth, a wait, and counters of abandoned items and of panics for each name, which the program gives.
#[derive(Clone, Debug)]
pub struct Pool {
    name: &'static str,
    depth: Arc<Gauge>,
    wait: Arc<Histogram>,
    abandoned: Arc<Counter>,
    panics: Arc<Counter>,
}

/// An item's place in the queue. It leaves the queue when it is [started](Self::started) or, if it never is, when
/// the ticket is dropped: then it counts as abandoned.
#[derive(Debug)]
#[must_use = "a ticket that is dropped at once has left the queue"]
pub struct Ticket {
    pool: Option<Pool>,
    enqueued: Instant,
}

impl Pool {
    /// The pool of this name; a second one shares its series.
    ///
    /// # Errors
    ///
    /// The store holds other metrics under the names of these.
    pub fn register(store: &Store, name: &'static str) -> Result<Self, RegisterError> {
        let bounds = Bounds::from_seconds(DURATION_BOUNDS).unwrap_or_default();
        let pool = Name(name);
        Ok(Self {
            name,
            depth: store.gauge_family(Descriptor::of(metric::POOL_QUEUE_DEPTH))?.series(&pool, Place::Known),
            wait: store
                .histogram_family(Descriptor::of(metric::POOL_QUEUE_WAIT), bounds)?
                .series(&pool, Place::Known),
            abandoned: store
                .counter_family(Descriptor::of(metric::POOL_QUEUE_ABANDONED))?
                .series(&pool, Place::Known),
            panics: store.counter_family(Descriptor::of(metric::POOL_PANICS))?.series(&pool, Place::Known),
        })
    }

    /// The name of the pool.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// An item joins the queue.
    pub fn enqueued(&self) -> Ticket {
        self.depth.increment();
        Ticket { pool: Some(self.clone()), enqueued: Instant::now() }
    }

    /// An item of a queue that is elsewhere, such as a broker's, meets a worker after this wait.
    pub fn received(&self, wait: Duration) {
        self.wait.record(wait);
    }

    /// A job of the pool has panicked: counts it, and tells it by an event within the job's exchange, if it is
    /// current.
    pub fn panicked(&self) {
        self.panics.increment();
        tracing::error!(target: "tower_telemetry", pool = self.name, "a job panicked");
    }

    /// Items in the queue.
    #[must_use]
    pub fn depth(&self) -> i64 {
        self.depth.value()
    }
}

impl Ticket {
    /// A worker has taken the item: records how long it waited.
    pub fn started(mut self) {
        if let Some(pool) = self.pool.take() {
            pool.depth.decrement();
            pool.wait.record(self.enqueued.elapsed());
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.take() {
            pool.depth.decrement();
            pool.abandoned.increment();
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Name(&'static str);

impl Labels for Name {
    const NAMES: &'static [&'static str] = &[attribute::POOL];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use super::*;

    const MAILS: &[(&str, &str)] = &[("pool", "mails")];

    #[tokio::test(start_paused = true)]
    async fn an_item_that_starts_leaves_its_wait_behind() {
        let store = Store::new();
        let pool = Pool::register(&store, "mails").unwrap();
        let ticket = pool.enqueued();
        tokio::time::advance(Duration::from_millis(300)).await;
        assert_eq!(pool.depth(), 1);
        ticket.started();
        let snapshot = store.snapshot();
        let wait = snapshot.histogram("tower_telemetry.runtime.pool.queue.wait", MAILS).unwrap();
        assert_eq!((wait.count(), wait.sum()), (1, 0.3));
        assert_eq!(snapshot.value("tower_telemetry.runtime.pool.queue.abandoned", MAILS), Some(0.0));
        assert_eq!(pool.depth(), 0);
    }

    #[test]
    fn an_item_of_a_queue_elsewhere_leaves_its_wait_and_no_depth() {
        let store = Store::new();
        let pool = Pool::register(&store, "mails").unwrap();
        pool.received(Duration::from_secs(2));
        let snapshot = store.snapshot();
        let wait = snapshot.histogram("tower_telemetry.runtime.pool.queue.wait", MAILS).unwrap();
        assert_eq!((wait.count(), wait.sum(), pool.depth()), (1, 2.0, 0));
    }

    #[test]
    fn a_panic_of_a_job_is_counted() {
        let store = Store::new();
        let pool = Pool::register(&store, "mails").unwrap();
        pool.panicked();
        assert_eq!(store.snapshot().value("tower_telemetry.runtime.pool.panics", MAILS), Some(1.0));
    }

    #[test]
    fn an_item_that_is_dropped_leaves_the_queue_and_no_wait() {
        let store = Store::new();
        let pool = Pool::register(&store, "mails").unwrap();
        drop((pool.enqueued(), pool.enqueued()));
        let snapshot = store.snapshot();
        assert_eq!(snapshot.total("tower_telemetry.runtime.pool.queue.wait", MAILS), 0.0);
        assert_eq!(snapshot.value("tower_telemetry.runtime.pool.queue.abandoned", MAILS), Some(2.0));
        assert_eq!(pool.depth(), 0);
    }

    #[test]
    fn a_panic_of_the_producer_leaves_nothing_in_the_queue() {
        let pool = Pool::register(&Store::new(), "mails").unwrap();
        let producer = pool.clone();
        let panicked = std::thread::spawn(move || {
            let _ticket = producer.enqueued();
            std::panic::resume_unwind(Box::new("no room"));
        });
        assert!(panicked.join().is_err());
        assert_eq!(pool.depth(), 0);
    }

    #[test]
    fn two_pools_of_one_name_are_one_and_others_are_apart() {
        let store = Store::new();
        let [one, again] = [(); 2].map(|()| Pool::register(&store, "mails").unwrap());
        let other = Pool::register(&store, "images").unwrap();
        let _waits = one.enqueued();
        assert_eq!((again.depth(), other.depth()), (1, 0));
    }

    #[test]
    fn a_store_that_holds_another_metric_of_this_name_refuses() {
        let store = Store::new();
        store.counter_family::<()>(Descriptor::of(metric::POOL_QUEUE_DEPTH)).unwrap();
        assert!(Pool::register(&store, "mails").is_err());
    }
}
