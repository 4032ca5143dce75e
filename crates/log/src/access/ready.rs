//! What is ready of an access line before its event is told.
//!
//! The line is an event like any other, with its fields for whoever listens. For the JSON layer, which would be handed
//! them one by one and would look for the ids by itself, they stand written: at a quarter of the cost.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

use tower_telemetry_core::{Exchange, Outcome};

use crate::access::encoded;
use crate::json::Fit;

/// Whether anybody wants it: set by the first JSON layer that is told an access line.
static WANTED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static READY: Cell<Ready> = const { Cell::new(Ready::NOTHING) };
}

/// The parts of one line.
#[derive(Debug)]
pub(crate) struct Ready {
    is_told: bool,
    /// Whether the ids of a trace are among the ids.
    pub(crate) is_traced: bool,
    text: Vec<u8>,
    /// Where the fields begin, behind the ids.
    fields: usize,
}

impl Ready {
    const NOTHING: Self = Self { is_told: false, is_traced: false, text: Vec::new(), fields: 0 };

    /// Writes what can be written beforehand. What other fields may hide, or are hidden by, cannot, nor what is cut.
    pub(super) fn make(exchange: &Exchange, outcome: &Outcome, held_back: u64) {
        if !WANTED.load(Ordering::Relaxed) {
            return;
        }
        let mut ready = READY.try_with(Cell::take).unwrap_or_default();
        let Self { is_told, is_traced, text, fields } = &mut ready;
        text.clear();
        *is_traced = exchange.trace().is_some();
        encoded::ids(exchange, text);
        *fields = text.len();
        let fit = encoded::fields(exchange, outcome, held_back, text);
        *is_told = fit == Fit::Whole && !has_notes(exchange);
        let _ = READY.try_with(|slot| slot.set(ready));
    }

    /// The event is told: what is ready is of no other.
    pub(super) fn forget() {
        let _ = READY.try_with(|slot| slot.set(Self { is_told: false, ..slot.take() }));
    }

    /// Lends what is ready of the access line that is being told on this thread, if it is.
    pub(crate) fn lend<R>(work: impl FnOnce(&Self) -> Option<R>) -> Option<R> {
        WANTED.store(true, Ordering::Relaxed);
        let ready = READY.try_with(Cell::take).ok()?;
        let result = if ready.is_told { work(&ready) } else { None };
        let _ = READY.try_with(|slot| slot.set(ready));
        result
    }

    /// `trace_id`, `span_id` and `request_id`, those that are known, each as `,"key":value`.
    pub(crate) fn ids(&self) -> &[u8] {
        self.text.get(..self.fields).unwrap_or_default()
    }

    /// The fields of the event, in the same way.
    pub(crate) fn fields(&self) -> &[u8] {
        self.text.get(self.fields..).unwrap_or_default()
    }
}

impl Default for Ready {
    fn default() -> Self {
        Self::NOTHING
    }
}

fn has_notes(exchange: &Exchange) -> bool {
    let mut notes = 0_usize;
    exchange.attributes(|_, _| notes += 1);
    exchange.labels(|_, _| notes += 1);
    notes > 0
}
