//! One export after another.

use std::time::SystemTime;

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use opentelemetry_sdk::Resource;
use prost::Message;
use tower_telemetry_metrics::{RegisterError, Snapshot, Store};

use super::baseline::Baseline;
use super::histograms::Layout;
use super::request::{self, Reading};
use super::settings::Settings;
use super::temporality::Temporality;
use crate::otlp::{Backoff, Exports, Failure, Outcome, Signal, Transport};

/// Reads the store and sends what it says.
#[derive(Debug)]
pub(crate) struct Exporter {
    store: Store,
    resource: Resource,
    transport: Transport,
    temporality: Temporality,
    layout: Layout,
    start: SystemTime,
    before: Option<Baseline>,
    exports: Exports,
    /// What the export before came to: only a change is worth a line.
    last: Outcome,
}

impl Exporter {
    /// To be called on the runtime that the connection is to live on.
    pub(crate) fn new(settings: Settings, resource: Resource, store: Store) -> Result<Self, RegisterError> {
        let Settings { destination, interval: _, temporality, layout } = settings;
        Ok(Self {
            exports: Exports::of(Signal::Metrics, &store)?,
            store,
            resource,
            transport: Transport::new(Signal::Metrics, destination),
            temporality,
            layout,
            start: now(),
            before: None,
            last: Outcome::Success,
        })
    }

    /// One export, tried again as `backoff` allows.
    ///
    /// Dropped while it waits, it has exported nothing; dropped while it sends, it may have, and differences are
    /// then told twice, as they are when an answer is lost.
    pub(crate) async fn export(&mut self, backoff: Backoff) {
        let (snapshot, time) = (self.store.snapshot(), now());
        let request = request::of(&self.resource, self.reading(&snapshot, time));
        let request = Bytes::from(request.encode_to_vec());
        let mut failed = 0;
        let end = loop {
            match self.transport.send(request.clone()).await {
                Ok(answer) => break Ok(answer),
                Err(failure) => {
                    failed += 1;
                    match backoff.wait(failed, failure.advice) {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => break Err(failure),
                    }
                }
            }
        };
        if end.is_ok() {
            let snapshot = (self.temporality != Temporality::Cumulative).then_some(snapshot);
            self.before = Some(Baseline { time, snapshot });
        }
        self.close(end);
    }

    fn reading<'a>(&'a self, snapshot: &'a Snapshot, time: SystemTime) -> Reading<'a> {
        let Self { start, temporality, layout, before, .. } = self;
        let (start, temporality, layout) = (*start, *temporality, *layout);
        Reading { snapshot, time, start, before: before.as_ref(), temporality, layout }
    }

    fn close(&mut self, end: Result<Bytes, Failure>) {
        let (outcome, reason) = match end {
            Err(failure) => (Outcome::Failure, failure.to_string()),
            // It has been taken; what a strange answer adds to that is nothing.
            Ok(answer) => {
                match ExportMetricsServiceResponse::decode(answer).unwrap_or_default().partial_success {
                    Some(partial) if partial.rejected_data_points > 0 => {
                        let reason = format!("{}: {}", partial.rejected_data_points, partial.error_message);
                        (Outcome::Partial, reason)
                    }
                    _ => (Outcome::Success, String::new()),
                }
            }
        };
        self.exports.count(outcome);
        if outcome == std::mem::replace(&mut self.last, outcome) {
            return;
        }
        match outcome {
            Outcome::Success => {
                tracing::info!(target: "tower_telemetry", "metrics are exported again");
            }
            Outcome::Partial => {
                tracing::warn!(target: "tower_telemetry", reason, "the collector refuses some of the metrics");
            }
            Outcome::Failure => {
                tracing::warn!(target: "tower_telemetry", reason, "metrics cannot be exported");
            }
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the timestamp of an export is made here")]
fn now() -> SystemTime {
    SystemTime::now()
}
