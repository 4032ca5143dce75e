//! What is ready of an access line before its event is told.
//!
//! The line is an event like any other, with its fields for whoever listens. For the JSON layer, which would be handed
//! them one by one and would look for the ids by itself, they stand written: at a quarter of the cost. One that listens
//! [alone](super::sole_listener) needs no event.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::access::line::AccessLine;
use crate::access::{beginnings, encoded};
use crate::context::has_notes;
use crate::ids_text;
use crate::json::Fit;

/// Whether anybody wants it: set by the first JSON layer that is told an access line.
static WANTED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static THREAD: Thread = const { Thread { is_told: Cell::new(false), ready: RefCell::new(Ready::NOTHING) } };
}

struct Thread {
    /// Whether what is ready is of the event that is being told.
    is_told: Cell<bool>,
    /// Not taken out while it is used: nothing of others runs meanwhile, but for what tells the active span. Should that
    /// log, it finds nothing ready.
    ready: RefCell<Ready>,
}

/// The parts of one line.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Whether the ids of a trace are among the ids.
    pub(crate) is_traced: bool,
    text: Vec<u8>,
    /// Where the fields begin, behind the ids.
    fields: usize,
}

impl Ready {
    const NOTHING: Self = Self { is_traced: false, text: Vec::new(), fields: 0 };

    /// Writes what can be written beforehand. What other fields may hide, or are hidden by, cannot, nor what is cut.
    pub(super) fn make(line: &AccessLine<'_>) {
        if !WANTED.load(Ordering::Relaxed) {
            return;
        }
        let AccessLine { exchange, .. } = *line;
        let _ = THREAD.try_with(|thread| {
            let Ok(mut ready) = thread.ready.try_borrow_mut() else { return thread.is_told.set(false) };
            let Self { is_traced, text, fields } = &mut *ready;
            text.clear();
            let ids = exchange.trace();
            *is_traced = ids.is_some();
            ids_text::write(ids.as_ref(), exchange.request_id(), text);
            *fields = text.len();
            let fit = beginnings::write(line, text);
            encoded::fields(line, text);
            thread.is_told.set(fit == Fit::Whole && !has_notes(exchange));
        });
    }

    /// The event is told: what is ready is of no other.
    pub(super) fn forget() {
        let _ = THREAD.try_with(|thread| thread.is_told.set(false));
    }

    /// Lends what is ready of the access line that is being told on this thread, if it is.
    pub(crate) fn lend<R>(work: impl FnOnce(&Self) -> Option<R>) -> Option<R> {
        WANTED.store(true, Ordering::Relaxed);
        let lent = THREAD.try_with(|thread| {
            let ready = thread.ready.try_borrow().ok().filter(|_| thread.is_told.get())?;
            work(&ready)
        });
        lent.ok().flatten()
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
