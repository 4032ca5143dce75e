//! The task that empties the queue.

use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use bytes::Bytes;
use opentelemetry::{Context, ContextGuard};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, timeout_at};

use super::batch::Batch;
use super::counts::Reason;
use super::load::{Load, Refused};
use super::queue::Queue;
use super::stop::Stop;
use crate::otlp::{Advice, Backoff, Exports, Failure, Outcome, Signal, Transport};

/// At the end a collector may stumble, but is not waited for.
const LAST: Backoff =
    Backoff { attempts: 3, first: Duration::from_millis(100), longest: Duration::from_secs(1) };

/// Who asks for a flush, and waits.
pub(crate) type Flush = mpsc::Sender<()>;

/// Takes batches from the queue and sends them, one after another.
#[derive(Debug)]
pub(crate) struct Exporter<L> {
    pub(crate) queue: Queue<L>,
    pub(crate) transport: Transport,
    pub(crate) resource: Arc<OnceLock<ResourceAttributesWithSchema>>,
    pub(crate) exports: Exports,
    pub(crate) delay: Duration,
    pub(crate) patience: Duration,
    pub(crate) backoff: Backoff,
    pub(crate) stop: Stop,
    pub(crate) flushes: UnboundedReceiver<Flush>,
    pub(crate) told: Told,
}

/// Why it is time to export.
#[derive(Debug)]
enum Why {
    Filled,
    Time,
    Stop,
    Flush(Flush),
}

/// What the log knows: only a change is worth a line.
#[derive(Debug)]
pub(crate) struct Told {
    outcome: Outcome,
    /// Those without room, by the last look.
    overflowed: u64,
    overflowing: bool,
}

impl<L: Load> Exporter<L> {
    /// Runs until it is told to stop, and then until nothing waits or time is over.
    pub(crate) async fn run(mut self) {
        let (queue, over) = (self.queue.clone(), self.stop.clone().over());
        tokio::select! {
            () = self.work() => {}
            // What is on its way then counts as dropped, and so does what waits.
            () = over => {}
        }
        queue.clear(Reason::Shutdown);
    }

    async fn work(&mut self) {
        loop {
            let why = self.pause().await;
            // What comes meanwhile is for the next round, so that a flush has an end.
            let mut left = match why {
                Why::Filled => 0,
                Why::Time | Why::Stop | Why::Flush(_) => self.queue.waiting(),
            };
            while left > 0 || self.queue.is_filled() {
                let Some(batch) = self.queue.take() else { break };
                left = left.saturating_sub(batch.len());
                self.export(batch).await;
            }
            self.tell_overflow();
            match why {
                // Nobody may be waiting any more.
                Why::Flush(done) => drop(done.send(())),
                Why::Stop if self.queue.waiting() == 0 => return,
                Why::Stop | Why::Filled | Why::Time => {}
            }
        }
    }

    /// Waits until there is reason to export.
    async fn pause(&mut self) -> Why {
        let Self { queue, delay, stop, flushes, .. } = self;
        tokio::select! {
            () = queue.filled() => Why::Filled,
            () = sleep(*delay) => Why::Time,
            _ = stop.given() => Why::Stop,
            Some(flush) = flushes.recv() => Why::Flush(flush),
        }
    }

    async fn export(&mut self, mut batch: Batch<L>) {
        let request = self.encode(&mut batch);
        let end = self.send(request).await;
        self.close(batch, end);
    }

    fn encode(&self, batch: &mut Batch<L>) -> Bytes {
        let resource = self.resource.get_or_init(ResourceAttributesWithSchema::default);
        L::encode(batch.take_items(), resource)
    }

    /// Sends it, again and again where that makes sense.
    async fn send(&mut self, request: Bytes) -> Result<Bytes, Failure> {
        let limit = Instant::now() + self.patience;
        let mut ending = self.stop.is_given();
        let mut failed = 0;
        loop {
            let attempt = timeout_at(limit, self.transport.send(request.clone())).await;
            let late = || Failure::unreachable(format_args!("no answer within {:?}", self.patience));
            let failure = match attempt.unwrap_or_else(|_| Err(late())) {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            failed += 1;
            let backoff = if ending { LAST } else { self.backoff };
            let wait = backoff.wait(failed, failure.advice);
            let Some(wait) = wait.filter(|wait| Instant::now() + *wait < limit) else { return Err(failure) };
            tokio::select! {
                () = sleep(wait) => {}
                // At once, also where it was given during the attempt.
                _ = self.stop.given(), if !ending => (ending, failed) = (true, 0),
            }
        }
    }

    fn close(&mut self, batch: Batch<L>, end: Result<Bytes, Failure>) {
        let (outcome, reason) = match end {
            Ok(answer) => {
                let Refused { count, reason } = L::refused(answer);
                batch.exported(count);
                let outcome = if count > 0 { Outcome::Partial } else { Outcome::Success };
                (outcome, reason)
            }
            Err(failure) => {
                let reason = match failure.advice {
                    Advice::GiveUp => Reason::Refused,
                    Advice::Retry | Advice::RetryAfter(_) => Reason::Unreachable,
                };
                batch.dropped(reason);
                if self.stop.is_given() && reason == Reason::Unreachable {
                    // The others would fare no better, and each would take its time.
                    self.queue.clear(reason);
                }
                (Outcome::Failure, failure.to_string())
            }
        };
        self.exports.count(outcome);
        self.tell(outcome, &reason);
    }

    fn tell(&mut self, outcome: Outcome, reason: &str) {
        if outcome == std::mem::replace(&mut self.told.outcome, outcome) {
            return;
        }
        let _silent = silence::<L>();
        match outcome {
            Outcome::Success => {
                tracing::info!(target: "tower_telemetry", "{} are exported again", L::WORD);
            }
            Outcome::Partial => {
                tracing::warn!(
                    target: "tower_telemetry",
                    reason,
                    "the collector refuses some of the {}",
                    L::WORD
                );
            }
            Outcome::Failure => {
                tracing::warn!(
                    target: "tower_telemetry",
                    reason,
                    "{} cannot be exported and are dropped",
                    L::WORD
                );
            }
        }
    }

    fn tell_overflow(&mut self) {
        let overflowed = self.queue.counts().dropped.queue_full;
        let before = std::mem::replace(&mut self.told.overflowed, overflowed);
        let overflowing = overflowed > before;
        if overflowing && !std::mem::replace(&mut self.told.overflowing, overflowing) {
            let _silent = silence::<L>();
            tracing::warn!(
                target: "tower_telemetry",
                capacity = self.queue.capacity(),
                "{} are dropped, for more of them wait than fit: {} makes room",
                L::WORD,
                L::VARIABLES.capacity
            );
        }
        self.told.overflowing = overflowing;
    }
}

/// That log records cannot be exported is not told by log records.
fn silence<L: Load>() -> Option<ContextGuard> {
    (L::SIGNAL == Signal::Logs).then(|| Context::current().with_telemetry_suppressed().attach())
}

impl Default for Told {
    fn default() -> Self {
        Self { outcome: Outcome::Success, overflowed: 0, overflowing: false }
    }
}
