//! The watch itself: it looks once a second, and tells when it is asked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Collect, Descriptor, Sample};

use super::report::LeakReport;
use super::suspects::Suspects;
use crate::leak::Accounting;
use crate::tasks::Tasks;
use crate::tokio_runtime::TokioRuntime;

const LEAK: Descriptor = Descriptor::of(metric::RUNTIME_TASKS_LEAK);
const GROWTH: Descriptor = Descriptor::of(metric::RUNTIME_TASKS_GROWTH);
const SITE_ALIVE: Descriptor = Descriptor::of(metric::SITE_TASKS_ALIVE);
const SITE_STARTED: Descriptor = Descriptor::of(metric::SITE_TASKS_STARTED);
const SITE_LEAK: Descriptor = Descriptor::of(metric::SITE_TASKS_LEAK);
const SITE_GROWTH: Descriptor = Descriptor::of(metric::SITE_TASKS_GROWTH);

const TICK: Duration = Duration::from_secs(1);

type Connections = Box<dyn Fn() -> u64 + Send + Sync>;

/// Watches the tasks of a runtime for leaks: a handle, cheap to clone.
///
/// [`run`](Self::run) it on a runtime that is not the one it watches, so that it looks on while that one is
/// overloaded. It tells what it finds as metrics, as a [`LeakReport`], and as a `tracing` warning with target
/// `tower_telemetry`, at most one in ten minutes, that names the place.
///
/// Tasks that are [`spawn`](crate::spawn)ed or [`counted`](crate::counted) are judged by their place: of them it is
/// known how old they are, and what ends within half a minute is never taken for a leak. Of other tasks only the
/// number is known. What it may say of them depends on the [`Accounting`] of
/// [`with_connections`](Self::with_connections); without any it only hints.
///
/// ```no_run
/// use tower_telemetry_metrics::Store;
/// use tower_telemetry_runtime::{Tasks, TaskWatch, TokioRuntime};
///
/// # async fn run(store: Store) -> Option<()> {
/// let runtime = TokioRuntime::current()?;
/// let watch = TaskWatch::new(runtime.clone(), Tasks::process().clone());
/// store.collector(runtime);
/// store.collector(watch.clone());
/// tokio::spawn(watch.run());
/// # None
/// # }
/// ```
///
/// # Cardinality
///
/// Four series for each place: see [`Tasks`].
#[derive(Clone)]
pub struct TaskWatch {
    inner: Arc<Inner>,
}

struct Inner {
    runtime: TokioRuntime,
    tasks: Tasks,
    connections: Connections,
    suspects: Mutex<Suspects>,
}

impl TaskWatch {
    /// A watch over this runtime, and over the places of these tasks.
    #[must_use]
    pub fn new(runtime: TokioRuntime, tasks: Tasks) -> Self {
        Self::with_connections(runtime, tasks, Accounting::Unknown, || 0)
    }

    /// A watch that is told how many tasks of the runtime belong to connections and requests in flight. Those made
    /// by [`connection`](crate::connection) it knows by itself: they are not among them. `connections` is asked once a
    /// second and must not wait.
    #[must_use]
    pub fn with_connections(
        runtime: TokioRuntime,
        tasks: Tasks,
        accounting: Accounting,
        connections: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        let suspects = Mutex::new(Suspects::new(accounting));
        Self { inner: Arc::new(Inner { runtime, tasks, connections: Box::new(connections), suspects }) }
    }

    /// Looks once a second, for ever. One of the clones is to run.
    pub async fn run(self) {
        let begin = Instant::now();
        let mut ticks = interval(TICK);
        // What was missed cannot be looked at later.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            let now = ticks.tick().await;
            self.tick(now.saturating_duration_since(begin));
        }
    }

    /// Looks once, at a moment that is `at` after a fixed one: for a program with a clock of its own, in place of
    /// [`run`](Self::run). It wants to be called about once a second.
    pub fn tick(&self, at: Duration) {
        let Inner { runtime, tasks, connections, suspects } = &*self.inner;
        runtime.tick(at);
        let connections = connections();
        let warning = {
            let mut suspects = suspects.lock().unwrap_or_else(PoisonError::into_inner);
            suspects.look(at, tasks, runtime.alive_tasks(), connections);
            suspects.warning(at)
        };
        // An event runs foreign code, which may ask for the report.
        if let Some(report) = warning {
            warn(&report, runtime.alive_tasks());
        }
    }

    /// What was found at the last look.
    #[must_use]
    pub fn report(&self) -> LeakReport {
        self.inner.suspects.lock().unwrap_or_else(PoisonError::into_inner).report().clone()
    }
}

impl Collect for TaskWatch {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        let report = self.report();
        out(Sample::gauge(&LEAK, &[], report.runtime.level()));
        out(Sample::gauge(&GROWTH, &[], report.runtime.per_second()));
        for site in &report.sites {
            let text = site.site();
            let labels = [(attribute::SITE, text.as_str())];
            out(Sample::gauge(&SITE_ALIVE, &labels, site.alive));
            out(Sample::counter(&SITE_STARTED, &labels, site.started));
            out(Sample::gauge(&SITE_LEAK, &labels, site.state.level()));
            out(Sample::gauge(&SITE_GROWTH, &labels, site.state.per_second()));
        }
    }
}

impl fmt::Debug for TaskWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskWatch").field("runtime", &self.inner.runtime).finish_non_exhaustive()
    }
}

fn warn(report: &LeakReport, runtime_alive: u64) {
    match report.suspect() {
        Some(suspect) => tracing::warn!(
            target: "tower_telemetry",
            site = %suspect.site(),
            alive = suspect.alive as i64,
            started = suspect.started as i64,
            per_second = suspect.state.per_second(),
            "tasks leak"
        ),
        None => tracing::warn!(
            target: "tower_telemetry",
            alive = runtime_alive as i64,
            per_second = report.runtime.per_second(),
            "tasks leak: spawn them with `tower_telemetry::runtime::spawn` to learn where"
        ),
    }
}
