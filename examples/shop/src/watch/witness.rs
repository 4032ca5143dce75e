//! The witness: what the headers of a response say, told to the ledger.

use http::{request, response};
use tower_telemetry::{Exchange, Observer, Outcome, Side, Signal, Window, current};
use tower_telemetry_testing::{ExchangeKey, Ledger, Sentence, Source};

use super::{feed::Feed, undecided::Undecided};

/// Stands around the windows and reads the response head after them.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    pub(super) ledger: Ledger,
    pub(super) feed: Feed,
    pub(super) undecided: Undecided,
}

impl Signal for Witness {
    const WINDOW: Window = Window::custom(0);

    type Observer = WitnessObserver;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> WitnessObserver {
        WitnessObserver { witness: self.clone(), headers: Headers::Unread }
    }
}

/// Watches one exchange.
#[derive(Debug)]
pub(crate) struct WitnessObserver {
    witness: Witness,
    headers: Headers,
}

#[derive(Debug, PartialEq, Eq)]
enum Headers {
    Unread,
    Read,
}

impl Observer for WitnessObserver {
    type Guard = ();

    fn enter(&self) {}

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        // A client's response bears the headers of its server, which are another exchange's.
        let (Side::Server, Some(ids)) = (exchange.side, exchange.trace()) else { return };
        let id = head.headers.get("x-request-id").and_then(|id| id.to_str().ok());
        let sentence = Sentence::new().request_id(id).status(Some(head.status.as_u16()));
        self.witness.ledger.note(Source::Header, ExchangeKey::from(ids), sentence);
        self.headers = Headers::Read;
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        let Self { witness: Witness { ledger, feed, undecided }, headers } = self;
        feed.note(exchange, outcome);
        let Some(ids) = exchange.trace() else { return };
        // Where there is nothing to say, an empty sentence says so: nobody waits for a word.
        if headers == Headers::Unread {
            ledger.note(Source::Header, ExchangeKey::from(ids), Sentence::new());
        }
        for call in undecided.take(exchange) {
            note_absence(&ledger, &call);
        }
        let is_undecided = exchange.side == Side::Client
            && exchange.kept_trace().is_none()
            && current().is_some_and(|card| undecided.keep(&card));
        if !is_undecided {
            note_absence(&ledger, exchange);
        }
    }
}

/// Nobody waits for the span of an exchange that is not kept.
fn note_absence(ledger: &Ledger, exchange: &Exchange) {
    if let (None, Some(ids)) = (exchange.kept_trace(), exchange.trace()) {
        ledger.note(Source::Span, ExchangeKey::from(ids), Sentence::new());
    }
}
