//! What is attached to a card while its fate is open.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::Link;
use tower_telemetry_core::trace_ids::SpanId;
use tower_telemetry_core::{Exchange, TraceState};

use crate::arrival::Arrival;
use crate::decide::Origin;
use crate::late::calls::Calls;
use crate::naming::SpanNaming;

/// All that a late span is made of, beside the card and its outcome.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) arrival: Arrival,
    pub(crate) naming: SpanNaming,
    pub(crate) parent: Option<(SpanId, Origin)>,
    pub(crate) link: Option<Link>,
    pub(crate) state: TraceState,
    pub(super) calls: Mutex<Calls>,
}

impl Waiting {
    pub(crate) fn new(
        arrival: Arrival,
        naming: SpanNaming,
        parent: Option<(SpanId, Origin)>,
        link: Option<Link>,
        state: TraceState,
    ) -> Self {
        Self { arrival, naming, parent, link, state, calls: Mutex::default() }
    }

    /// What waits with this exchange, if it waits.
    pub(crate) fn of(exchange: &Exchange) -> Option<&Self> {
        exchange.attached()
    }

    /// Nothing of others runs while it is held.
    pub(super) fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
