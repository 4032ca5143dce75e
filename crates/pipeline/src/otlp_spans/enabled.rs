//! The queue and its task, as a processor of spans.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::Instant;
use tower_telemetry_metrics::Store;

use super::counts;
use super::exporter::{Exporter, Flush, Told};
use super::queue::SpanQueue;
use super::settings::Settings;
use super::stop::Stop;
use crate::background::Background;
use crate::error::InitError;
use crate::otlp::{Exports, Signal, Transport};
use crate::settings::Environment;

/// How long the end may take: a shutdown waits for it.
const LAST: Duration = Duration::from_secs(10);
/// The task ends by itself; where its thread has no time, somebody has to stop waiting.
const GRACE: Duration = Duration::from_secs(1);

/// Where finished spans go. A clone is the same.
#[derive(Clone, Debug)]
pub(crate) struct SpanExport {
    queue: SpanQueue,
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

/// Starts the task on the telemetry thread, if the environment names a collector.
pub(crate) fn start(
    environment: Environment,
    store: &Store,
    background: &Background,
) -> Result<Option<SpanExport>, InitError> {
    let settings = Settings::of(environment)?;
    settings.map(|settings| start_with(settings, store, background)).transpose()
}

pub(crate) fn start_with(
    settings: Settings,
    store: &Store,
    background: &Background,
) -> Result<SpanExport, InitError> {
    let Settings { destination, capacity, batch, delay, patience, backoff } = settings;
    let told = destination.endpoint.to_string();
    let exports = Exports::of(Signal::Traces, store).map_err(InitError::Metrics)?;
    let (queue, resource) = (SpanQueue::new(capacity, batch), Arc::default());
    let (stop, stopped) = Stop::channel();
    let (flush, flushes) = unbounded_channel();
    let (done, finished) = mpsc::channel();
    // The connection lives on the runtime that it is made on; the application's may be gone at the flush.
    let _runtime = background.enter();
    let exporter = Exporter {
        queue: queue.clone(),
        transport: Transport::new(Signal::Traces, destination),
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
    Ok(SpanExport { queue, resource, task: Arc::new(task) })
}

/// The variable that asks for an export, in vain: there is none.
pub(crate) const fn unheard(_: Environment) -> Option<&'static str> {
    None
}

impl SpanExport {
    /// Where they go: what the start line says.
    pub(crate) fn destination(&self) -> &str {
        &self.task.destination
    }

    /// Takes a span that ended, as the SDK would hand it over. It never waits.
    pub(crate) fn submit(&self, span: SpanData) {
        self.queue.submit(span);
    }

    #[cfg(test)]
    pub(crate) fn counts(&self) -> counts::Counts {
        self.queue.counts()
    }

    /// Exports what there is and ends. What comes later is dropped, and counted. It blocks, but not for long.
    pub(crate) fn finish(&self) {
        // What was lost has been counted, and told in the log.
        let _ = self.shutdown_with_timeout(LAST);
    }
}

impl SpanProcessor for SpanExport {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.submit(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        let (done, flushed) = mpsc::channel();
        self.task.flush.send(done).map_err(|_| OTelSdkError::AlreadyShutdown)?;
        flushed.recv_timeout(LAST).map_err(|_| OTelSdkError::Timeout(LAST))
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
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

    fn set_resource(&mut self, resource: &Resource) {
        // There is one provider, so it is set once.
        let _ = self.resource.set(resource.into());
    }
}
