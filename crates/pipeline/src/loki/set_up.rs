//! The queue and its thread, from the settings.

use std::fs::File;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry_sdk::Resource;
use tokio::runtime::Builder;
use tower_telemetry_log::LineSink;
use tower_telemetry_metrics::Store;

use super::batch::{BATCH, Batch};
use super::client::Client;
use super::counts;
use super::destination::Destination;
use super::environment;
use super::error::LokiError;
use super::labels;
use super::queue::Queue;
use super::sender::{Patience, Sender};
use super::settings::Loki;
use super::sink::Sink;
use super::spool::{self, Host, Spool};
use super::stop::{Stop, Stopper};
use super::streams::Streams;
use super::worker;
use crate::error::InitError;
use crate::settings::Environment;

/// How much may wait in memory.
pub(crate) const CAPACITY: usize = 10 * 1024 * 1024;
/// How long the end may take: a shutdown waits for it.
const LAST: Duration = Duration::from_secs(30);
/// The worker ends by itself; where its thread has no time, somebody has to stop waiting.
const GRACE: Duration = Duration::from_secs(1);

/// What the code chose.
pub(crate) type Choice = Option<Loki>;

/// Lines on their way to Loki.
#[derive(Debug)]
pub(crate) struct LokiPush {
    destination: String,
    queue: Arc<Queue>,
    stop: Stopper,
    finished: Mutex<mpsc::Receiver<()>>,
}

/// Starts the thread, if the code or the environment names a Loki.
pub(crate) fn start(
    environment: Environment,
    code: Choice,
    resource: &Resource,
    store: &Store,
) -> Result<Option<LokiPush>, InitError> {
    let Some(loki) = environment::settings(environment, code) else { return Ok(None) };
    let destination = Destination::of(environment, &loki)?;
    let Loki { spool: directory, labels: own, levels, .. } = loki;
    let labels = labels::of(resource, own, levels)?;
    let streams = Arc::new(Streams::new(&labels, levels, &labels::beside(resource)));
    let queue = Arc::new(Queue::new(CAPACITY, BATCH));
    let spool = directory.map(|directory| {
        let spool = Spool::open(directory.clone(), spool::CAPACITY, host(), Arc::clone(&queue));
        spool.map_err(|source| LokiError::Spool { directory, source })
    });
    let spool = spool.transpose()?;
    let (stopper, stop) = Stop::channel();
    let (done, finished) = mpsc::channel();
    let told = destination.to_string();
    let patience = if spool.is_some() { Patience::Endless } else { Patience::Bounded };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(InitError::Background)?;
    let work = {
        let queue = Arc::clone(&queue);
        move || {
            // The connection lives on the runtime that it is made on.
            let _entered = runtime.enter();
            let sender = Sender { way: Client::new(destination), queue, stop, patience };
            runtime.block_on(worker::run(sender, Batch::new(streams), spool));
            // Nobody may be waiting any more.
            let _ = done.send(());
        }
    };
    // A thread of its own: a disk makes it wait.
    let thread = std::thread::Builder::new().name("tower-telemetry-loki".into());
    thread.spawn(work).map_err(InitError::Background)?;
    counts::tell(Arc::clone(&queue), store);
    Ok(Some(LokiPush { destination: told, queue, stop: stopper, finished: Mutex::new(finished) }))
}

/// The variable that asks for Loki, in vain: there is none.
pub(crate) const fn unheard(_: Environment) -> Option<&'static str> {
    None
}

impl LokiPush {
    /// Where lines go: what the start line says.
    pub(crate) fn destination(&self) -> &str {
        &self.destination
    }

    /// Takes lines.
    pub(crate) fn sink(&self) -> Arc<dyn LineSink> {
        Arc::new(Sink(Arc::clone(&self.queue)))
    }

    /// Pushes what there is and ends; what Loki has not got by then is in the spool, or counted. It blocks, but not for
    /// longer than half a minute.
    pub(crate) fn finish(&self) {
        self.queue.close();
        self.stop.stop(LAST);
        let finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        match finished.recv_timeout(LAST + GRACE) {
            // Without a sender, it has ended before.
            Ok(()) | Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {}
        }
    }
}

fn host() -> Host {
    #[allow(clippy::disallowed_methods, reason = "a batch on disk has a date")]
    let wall = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Host { wall: Arc::new(wall), force: File::sync_data }
}
