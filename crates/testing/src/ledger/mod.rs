//! The scenario checker: what several windows say of the same exchanges, compared while the program runs.

mod book;
mod key;
mod said;
mod sentence;
mod signal;
mod source;
mod summary;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use key::ExchangeKey;
pub use said::Said;
pub use sentence::Sentence;
pub use signal::LedgerObserver;
pub use source::Source;
pub use summary::Summary;

use book::Book;

/// Compares what several sources say of the same exchange.
///
/// Each source notes a [`Sentence`] under the ids of the exchange. A field that two sources said must be the same in
/// both. Once all expected sources have spoken, the exchange is closed and forgotten; if more than `capacity` are open,
/// the oldest is closed with what it has. A clone writes into the same ledger.
///
/// It is also a [`Signal`](tower_telemetry_core::Signal) that notes the outcome itself, under the ids that the trace
/// window told. It stands in one layer with the windows; as the first of them it speaks last:
/// `(ledger, trace, log, metrics).server()`.
///
/// ```
/// use tower_telemetry_core::{Ending, Verdict};
/// use tower_telemetry_testing::{ExchangeKey, Ledger, Sentence, Source};
///
/// let ledger = Ledger::new(1_000).expecting([Source::Span, Source::Log]);
/// let key = ExchangeKey::from_hex("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7").unwrap();
/// ledger.note(Source::Span, key, Sentence::new().status(Some(200)).verdict(Verdict::Ok));
/// ledger.note(Source::Log, key, Sentence::new().status(Some(500)).route(Some("/users/{id}")));
///
/// let summary = ledger.summary();
/// assert_eq!(summary.disagreements, 1);
/// assert!(summary.first_disagreements[0].contains("status is 200 to the span, but 500 to the log"));
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    book: Arc<Mutex<Book>>,
}

impl Ledger {
    /// A ledger that keeps at most this many exchanges open, and expects nobody but the [`Source::Outcome`].
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { book: Arc::new(Mutex::new(Book::new(capacity))) }
    }

    /// Closes an exchange once all these sources have spoken of it.
    #[must_use]
    pub fn expecting(self, sources: impl IntoIterator<Item = Source>) -> Self {
        self.open().expected = sources.into_iter().collect();
        self
    }

    /// Lets durations differ by this much: 1 µs by default, for sources that write them as text.
    #[must_use]
    pub fn with_tolerance(self, tolerance: Duration) -> Self {
        self.open().tolerance = tolerance;
        self
    }

    /// Notes what a source says of an exchange.
    ///
    /// A source that speaks twice of an exchange that is open disagrees with itself.
    pub fn note(&self, source: Source, key: ExchangeKey, sentence: Sentence) {
        self.open().note(source, key, sentence);
    }

    /// Closes all exchanges that are open, with what they have: at the end, when nobody will speak any more.
    pub fn close(&self) {
        self.open().close_all();
    }

    /// What stands in the ledger now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.open().summary()
    }

    fn open(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
