//! The task that exports on an interval.

use std::sync::mpsc;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tower_telemetry_metrics::Store;

use super::exporter::Exporter;
use super::settings::Settings;
use crate::background::Background;
use crate::error::InitError;
use crate::otlp::Backoff;
use crate::settings::Environment;

/// How long the last export may take: a shutdown waits for it.
const LAST: Duration = Duration::from_secs(5);

/// The running task.
#[derive(Debug)]
pub(crate) struct Push {
    destination: String,
    stop: oneshot::Sender<()>,
    finished: mpsc::Receiver<()>,
}

/// Starts the task on the telemetry thread, if the environment names a collector.
pub(crate) fn start(
    environment: Environment,
    resource: &Resource,
    store: &Store,
    background: &Background,
) -> Result<Option<Push>, InitError> {
    let Some(settings) = Settings::of(environment)? else { return Ok(None) };
    let (destination, interval) = (settings.destination.endpoint.to_string(), settings.interval);
    let _runtime = background.enter();
    let exporter = Exporter::new(settings, resource.clone(), store.clone()).map_err(InitError::Metrics)?;
    let (stop, stopped) = oneshot::channel();
    let (done, finished) = mpsc::channel();
    background.spawn(async move {
        run(exporter, interval, stopped).await;
        // Nobody may be waiting any more.
        let _ = done.send(());
    });
    Ok(Some(Push { destination, stop, finished }))
}

impl Push {
    /// Where it goes: what the start line says.
    pub(crate) fn destination(&self) -> &str {
        &self.destination
    }

    /// Has all exported that there is, and waits for that, but not for long. It blocks.
    pub(crate) fn finish(self) {
        let Self { destination: _, stop, finished } = self;
        drop(stop);
        // An error means that the task is gone or late: both are at an end now.
        let _ = finished.recv_timeout(2 * LAST);
    }
}

async fn run(mut exporter: Exporter, interval: Duration, mut stopped: oneshot::Receiver<()>) {
    let mut ticks = interval_at(Instant::now() + interval, interval);
    // After a collector was away, one export tells all.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let round = async {
            ticks.tick().await;
            exporter.export(Backoff::default()).await;
        };
        tokio::select! {
            () = round => {}
            // An error says that the other end was dropped: that is how it stops.
            _ = &mut stopped => break,
        }
    }
    let _ = timeout(LAST, exporter.export(Backoff::NONE)).await;
}
