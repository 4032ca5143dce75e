//! A worker, its queue and its Loki.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::loki::batch::{BATCH, Batch};
use crate::loki::counts::Counts;
use crate::loki::level::NAMES;
use crate::loki::queue::Queue;
use crate::loki::receiver::Receiver;
use crate::loki::sender::{Patience, Sender};
use crate::loki::set_up::CAPACITY;
use crate::loki::spool::{self, Host, Spool};
use crate::loki::stop::{Stop, Stopper};
use crate::loki::streams::{Levels, Streams};
use crate::loki::{wire, worker};

/// When the simulation begins, since 1970.
pub(crate) const BEGIN: Duration = Duration::from_secs(1_800_000_000);

/// Everything but the worker, which runs beside.
pub(crate) struct Rig {
    pub(crate) queue: Arc<Queue>,
    pub(crate) loki: Receiver,
    stop: Stopper,
    started: Instant,
}

/// A directory that goes when the test does.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name =
            format!("tower-telemetry-loki-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Rig {
    /// Runs a scene beside a worker, up to its end.
    pub(crate) async fn run(
        loki: &Receiver,
        folder: Option<&Folder>,
        scene: impl AsyncFnOnce(&Self),
    ) -> Counts {
        let queue = Arc::new(Queue::new(CAPACITY, BATCH));
        let labels = [("service_name".to_owned(), "shop".to_owned())];
        let streams = Arc::new(Streams::new(&labels, Levels::OnTheLine, &[("pod", "pod-1".into())]));
        // Rigs of one test follow one another.
        thread_local!(static STARTED: Instant = Instant::now());
        let started = STARTED.with(|started| *started);
        // Ten minutes have more than a thousand half seconds: a true disk would take as long as it likes for each.
        let host = Host { wall: Arc::new(move || BEGIN + started.elapsed()), force: |_| Ok(()) };
        let spool = folder.map(|folder| {
            Spool::open(folder.path().into(), spool::CAPACITY, host, Arc::clone(&queue)).unwrap()
        });
        let patience = if folder.is_some() { Patience::Endless } else { Patience::Bounded };
        let (stopper, stop) = Stop::channel();
        let sender = Sender { way: loki.clone(), queue: Arc::clone(&queue), stop, patience };
        let rig = Self { queue, loki: loki.clone(), stop: stopper, started };
        let work = worker::run(sender, Batch::new(streams), spool);
        tokio::join!(work, async {
            scene(&rig).await;
            rig.queue.close();
            rig.stop.stop(Duration::from_secs(30));
        });
        rig.queue.counts()
    }

    /// Tells a line of this weight.
    pub(crate) fn tell(&self, weight: usize, text: &str) {
        let line = format!("{{\"level\":\"{}\",\"message\":\"{text}\"}}", NAMES[weight]);
        let mut body = Vec::new();
        wire::bytes(&mut body, wire::LINE, line.as_bytes());
        wire::metadata(&mut body, "trace_id", b"0af7651916cd43dd8448eb211c80319c");
        self.queue.push(weight, BEGIN + self.started.elapsed(), &body);
    }

    /// Lets time pass.
    pub(crate) async fn pass(&self, time: Duration) {
        // The worker runs meanwhile, up to whatever it waits for.
        let _ = timeout(time, std::future::pending::<()>()).await;
    }
}

/// The texts of the messages that Loki has.
pub(crate) fn messages(loki: &Receiver) -> Vec<String> {
    let message =
        |line: String| line.split("\"message\":\"").nth(1).unwrap().trim_end_matches("\"}").to_owned();
    loki.lines().into_iter().map(message).collect()
}
