use http::request;
use tower_telemetry_core::{Exchange, Observer, Outcome, Signal, Window};

use crate::ledger::{ExchangeKey, Ledger, Sentence, Source};

impl Signal for Ledger {
    // A window of its own, so that it notes an exchange once wherever it is stacked.
    const WINDOW: Window = Window::custom(22);

    type Observer = LedgerObserver;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> LedgerObserver {
        self.open().start();
        LedgerObserver { ledger: self.clone() }
    }
}

/// Notes the outcome of one exchange in a [`Ledger`].
#[derive(Debug)]
pub struct LedgerObserver {
    ledger: Ledger,
}

impl Observer for LedgerObserver {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        let mut book = self.ledger.open();
        book.end(outcome);
        match exchange.trace() {
            Some(ids) => book.note(Source::Outcome, ExchangeKey::from(ids), Sentence::of(exchange, outcome)),
            None => book.end_without_ids(),
        }
    }
}
