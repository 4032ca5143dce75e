//! The dock: where a worker packs, waits for the courier, ships, and puts the order on the manifest.

use std::time::Duration;

use tokio::time::sleep;
use tower_telemetry::{Continuation, Traced};

use super::{Job, Report, manifest::Manifest};
use crate::{
    store::{OrderId, Stage},
    watch::WorkSpans,
};

/// What the workers share.
#[derive(Debug)]
pub(crate) struct Dock {
    spans: WorkSpans,
    report: Report,
    manifest: Manifest,
}

impl Dock {
    pub(crate) fn new(spans: WorkSpans, report: Report) -> Self {
        Self { spans, report, manifest: Manifest::default() }
    }

    /// Does a job as a part of the request that asked for it, wherever that came in.
    pub(super) async fn work(&self, job: Traced<Job>) {
        let waited = job.waited();
        job.run(|Job { order }| self.spans.continue_as("ship order").run(self.ship(order, waited))).await;
        // Not within the job: a manifest belongs to no one order.
        if let Some(shipped) = self.manifest.take_if_full() {
            self.write(shipped).await;
        }
    }

    /// Writes the manifest of what was shipped last.
    pub(super) async fn close(&self) {
        let shipped = self.manifest.take();
        if !shipped.is_empty() {
            self.write(shipped).await;
        }
    }

    async fn ship(&self, order: OrderId, waited: Duration) {
        sleep(Duration::from_millis(fastrand::u64(8..22))).await;
        self.report.tell(order, Stage::Packed);
        sleep(Duration::from_millis(fastrand::u64(4..14))).await;
        self.report.tell(order, Stage::Shipped);
        // With the ids of the exchange that placed the order.
        tracing::info!(order, waited_ms = waited.as_millis() as u64, "order shipped");
        self.manifest.add(Continuation::capture());
    }

    /// A trace of its own, with a link to each of the orders.
    async fn write(&self, shipped: Vec<Continuation>) {
        let orders = shipped.len();
        let manifest = self.spans.start_linked("write manifest", &shipped);
        manifest.run(async { tracing::info!(orders, "manifest written") }).await;
    }
}
