//! What is attached to a card while its fate is open.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::Link;
use tower_telemetry_core::trace_ids::SpanId;
use tower_telemetry_core::{Exchange, TraceState};

use crate::arrival::Arrival;
use crate::decide::Origin;
use crate::held::HeldSpans;
use crate::hints::Hints;
use crate::late::calls::Calls;
use crate::naming::SpanNaming;

/// All that a late span is made of, beside the card and its outcome.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) arrival: Arrival,
    pub(crate) naming: SpanNaming,
    /// Whether its caller is told what becomes of it.
    pub(crate) hints: Hints,
    pub(crate) parent: Option<(SpanId, Origin)>,
    pub(crate) link: Option<Link>,
    pub(crate) state: TraceState,
    /// The program's own spans, where they are held and this exchange's end decides.
    pub(crate) held: Option<Box<dyn HeldSpans>>,
    pub(super) calls: Mutex<Calls>,
}

impl Waiting {
    pub(crate) fn new(
        arrival: Arrival,
        naming: SpanNaming,
        hints: Hints,
        parent: Option<(SpanId, Origin)>,
        link: Option<Link>,
        state: TraceState,
        held: Option<Box<dyn HeldSpans>>,
    ) -> Self {
        Self { arrival, naming, hints, parent, link, state, held, calls: Mutex::default() }
    }

    /// What waits with this exchange, if it waits.
    pub(crate) fn of(exchange: &Exchange) -> Option<&Self> {
        exchange.attached()
    }

    /// The program's own spans that wait with this exchange, whose end decides.
    pub(crate) fn held_by(root: &Exchange) -> Option<&dyn HeldSpans> {
        Self::of(root)?.held.as_deref()
    }

    /// Nothing of others runs while it is held.
    pub(super) fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
