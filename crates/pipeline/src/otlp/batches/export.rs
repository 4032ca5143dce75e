//! The queue and its task, from outside.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;

use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::Instant;
use tower_telemetry_metrics::Store;

use super::counts;
use super::exporter::{Exporter, Flush, Told};
use super::load::Load;
use super::queue::Queue;
use super::settings::Settings;
use super::stop::Stop;
use crate::background::Background;
use crate::error::InitError;
use crate::otlp::{Exports, Transport};

/// How long the end may take: a shutdown waits for it.
const LAST: Duration = Duration::from_secs(10);
/// The task ends by itself; where its thread has no time, somebody has to stop waiting.
const GRACE: Duration = Duration::from_secs(1);

/// Where what is to be exported goes. A clone is the same.
#[derive(Debug)]
pub(crate) struct Export<L> {
    queue: Queue<L>,
    resource: Arc<OnceLock<ResourceAttributesWithSchema>>,
    task: Arc<Task>,
}

#[derive(Debug)]
struct Task {
    destination: String,
    stop: watch::Sender<Option<Instant>>,
    flush: UnboundedSender<Flush>,
    finished: Mutex<mpsc::Receiver<()>>,
}

impl<L: Load> Export<L> {
    /// Starts the task on the telemetry thread.
    pub(crate) fn start(
        settings: Settings,
        store: &Store,
        background: &Background,
    ) -> Result<Self, InitError> {
        let Settings { destination, capacity, batch, delay, patience, backoff } = settings;
        let told = destination.endpoint.to_string();
        let exports = Exports::of(L::SIGNAL, store).map_err(InitError::Metrics)?;
        let (queue, resource) = (Queue::new(capacity, batch), Arc::default());
        let (stop, stopped) = Stop::channel();
        let (flush, flushes) = unbounded_channel();
        let (done, finished) = mpsc::channel();
        // The connection lives on the runtime that it is made on; the application's may be gone at the flush.
        let _runtime = background.enter();
        let exporter = Exporter {
            queue: queue.clone(),
            transport: Transport::new(L::SIGNAL, destination),
            resource: Arc::clone(&resource),
            exports,
            delay,
            patience,
            backoff,
            stop: stopped,
            flushes,
            told: Told::default(),
        };
        background.spawn(async move {
            exporter.run().await;
            // Nobody may be waiting any more.
            let _ = done.send(());
        });
        counts::tell(queue.clone(), store);
        let task = Task { destination: told, stop, flush, finished: Mutex::new(finished) };
        Ok(Self { queue, resource, task: Arc::new(task) })
    }

    /// Says whose they all are; the first word counts.
    pub(crate) fn set_resource(&self, resource: &Resource) {
        let _ = self.resource.set(resource.into());
    }

    /// Where they go: what the start line says.
    pub(crate) fn destination(&self) -> &str {
        &self.task.destination
    }

    /// Takes one more. It never waits: without room it is dropped, and counted.
    pub(crate) fn submit(&self, item: L) {
        self.queue.submit(item);
    }

    #[cfg(test)]
    pub(crate) fn counts(&self) -> counts::Counts {
        self.queue.counts()
    }

    /// Exports what there is and ends. What comes later is dropped, and counted. It blocks, but not for long.
    pub(crate) fn finish(&self) {
        // What was lost has been counted, and told in the log.
        let _ = self.end_within(LAST);
    }

    /// Exports what there is now. It blocks.
    pub(crate) fn flush(&self) -> OTelSdkResult {
        let (done, flushed) = mpsc::channel();
        self.task.flush.send(done).map_err(|_| OTelSdkError::AlreadyShutdown)?;
        flushed.recv_timeout(LAST).map_err(|_| OTelSdkError::Timeout(LAST))
    }

    /// As `finish`, in so much time.
    pub(crate) fn end_within(&self, timeout: Duration) -> OTelSdkResult {
        self.queue.close();
        // The first word counts.
        self.task.stop.send_if_modified(|stop| {
            let first = stop.is_none();
            stop.get_or_insert(Instant::now() + timeout);
            first
        });
        let finished = self.task.finished.lock().unwrap_or_else(PoisonError::into_inner);
        match finished.recv_timeout(timeout + GRACE) {
            // Without a sender, it has ended before.
            Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => Ok(()),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(OTelSdkError::Timeout(timeout)),
        }
    }
}

impl<L> Clone for Export<L> {
    fn clone(&self) -> Self {
        let Self { queue, resource, task } = self;
        Self { queue: queue.clone(), resource: Arc::clone(resource), task: Arc::clone(task) }
    }
}
