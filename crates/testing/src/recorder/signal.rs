use std::sync::Arc;

use http::{request, response};
use tower_telemetry_core::{Exchange, Observer, Outcome, Signal, Window, current};

use crate::recorder::log::Log;
use crate::recorder::record::Tally;
use crate::recorder::{Event, Moment, Record};

/// The newest events and records that are kept, unless another number is asked for.
const CAPACITY: usize = 4_096;

/// A window that keeps what it was told: [`Window::custom(N)`](Window::custom), so each `N` is a window of its own.
///
/// An `N` beyond 23 is [`Window::NONE`], which acts in every wrapper it stands in. The log is bounded (4,096 events and
/// as many records; the oldest go first), the counts are exact.
#[derive(Debug, Clone)]
pub struct Recorder<const N: u32 = 23> {
    log: Arc<Log>,
}

impl<const N: u32> Recorder<N> {
    /// A recorder that was told nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// A recorder that keeps at most this many events and as many records.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { log: Arc::new(Log::new(capacity)) }
    }

    /// Another window that writes into the same log, so that the order of what both were told can be seen.
    #[must_use]
    pub fn beside<const M: u32>(&self) -> Recorder<M> {
        Recorder { log: Arc::clone(&self.log) }
    }

    /// What was told, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.log.read().events.iter().cloned().collect()
    }

    /// The exchanges that ended, in the order of their endings.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.log.read().records.iter().cloned().collect()
    }

    /// How many exchanges began.
    #[must_use]
    pub fn started(&self) -> u64 {
        self.log.read().started
    }

    /// How many exchanges were passed on without being recorded.
    #[must_use]
    pub fn passed(&self) -> u64 {
        self.log.read().passed
    }

    /// How many exchanges ended.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.log.read().ended
    }

    /// How many exchanges began and have not ended. Negative if one has ended twice.
    #[must_use]
    pub fn in_flight(&self) -> i64 {
        let pages = self.log.read();
        pages.started.cast_signed().wrapping_sub(pages.ended.cast_signed())
    }
}

impl<const N: u32> Default for Recorder<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: u32> Signal for Recorder<N> {
    const WINDOW: Window = Window::custom(N);

    type Observer = RecorderObserver<N>;

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) -> Self::Observer {
        let number = self.log.start(|pages| &mut pages.started);
        let observer = RecorderObserver { log: Arc::clone(&self.log), number, tally: Tally::default() };
        observer.note(exchange, Moment::Started);
        observer
    }

    /// Counts the exchange, and looks at it no further.
    fn pass(&self, exchange: &Exchange, _: &mut request::Parts) -> Option<Self::Observer> {
        let number = self.log.start(|pages| &mut pages.passed);
        note::<N>(&self.log, number, is_current(exchange), Moment::Passed);
        None
    }
}

/// Looks at one exchange for a [`Recorder`].
#[derive(Debug)]
pub struct RecorderObserver<const N: u32> {
    log: Arc<Log>,
    number: u64,
    tally: Tally,
}

impl<const N: u32> RecorderObserver<N> {
    fn note(&self, exchange: &Exchange, moment: Moment) {
        note::<N>(&self.log, self.number, is_current(exchange), moment);
    }
}

impl<const N: u32> Observer for RecorderObserver<N> {
    type Guard = Visit<N>;

    fn enter(&self) -> Self::Guard {
        note::<N>(&self.log, self.number, current().is_some(), Moment::Entered);
        Visit { log: Arc::clone(&self.log), number: self.number }
    }

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        self.tally.responses += 1;
        self.note(exchange, Moment::Responded(head.status));
    }

    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        self.tally.frames += 1;
        self.tally.bytes += bytes as u64;
        self.note(exchange, Moment::Framed(bytes));
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        self.note(exchange, Moment::Ended(outcome.ending));
        self.log.end(Record::new(self.number, exchange, self.tally, outcome));
    }
}

/// Notes when the thread leaves the exchange.
#[derive(Debug)]
pub struct Visit<const N: u32> {
    log: Arc<Log>,
    number: u64,
}

impl<const N: u32> Drop for Visit<N> {
    fn drop(&mut self) {
        note::<N>(&self.log, self.number, current().is_some(), Moment::Left);
    }
}

fn note<const N: u32>(log: &Log, number: u64, is_current: bool, moment: Moment) {
    log.event(Event { window: N, exchange: number, moment, is_current });
}

fn is_current(exchange: &Exchange) -> bool {
    current().is_some_and(|current| std::ptr::eq(&raw const *current, exchange))
}
