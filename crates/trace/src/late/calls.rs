//! The calls of an exchange that wait with it, in bounded number.

use std::sync::Arc;

use tower_telemetry_core::{Exchange, Outcome};

use crate::decide::Reason;

/// At most so many calls of one exchange wait for its end.
pub(crate) const CALLS_MAX: usize = 16;

/// A call that is over.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) outcome: Outcome,
}

/// What became of a call that was handed over.
#[derive(Debug)]
pub(crate) enum Handed {
    /// It waits, or there was no room for it.
    Waits,
    /// Its exchange ended before it, and was kept: it is to be written now.
    Kept(Call, Reason),
    /// Its exchange ended before it, and was not kept.
    Dropped,
}

/// The calls that wait, until the fate of all is known.
#[derive(Debug)]
pub(super) enum Calls {
    Open(Open),
    Settled(Option<Reason>),
}

/// Calls whose fate is open.
#[derive(Debug, Default)]
pub(super) struct Open {
    pub(super) calls: Vec<Call>,
    /// How many found no room.
    pub(super) dropped: u64,
    /// Whether a call was given up before it was answered.
    pub(super) abandoned: bool,
}

impl Default for Calls {
    fn default() -> Self {
        Self::Open(Open::default())
    }
}

impl Calls {
    pub(super) fn hand(&mut self, call: Call) -> Handed {
        match self {
            Self::Open(open) if open.calls.len() < CALLS_MAX => open.calls.push(call),
            Self::Open(open) => open.dropped = open.dropped.saturating_add(1),
            Self::Settled(Some(reason)) => return Handed::Kept(call, *reason),
            Self::Settled(None) => return Handed::Dropped,
        }
        Handed::Waits
    }

    /// How many calls wait, and whether one was given up.
    pub(super) fn waiting(&self) -> (usize, bool) {
        match self {
            Self::Open(open) => (open.calls.len(), open.abandoned),
            Self::Settled(_) => (0, false),
        }
    }

    /// Notes that a call was given up before it was answered.
    pub(super) fn abandon(&mut self) {
        if let Self::Open(open) = self {
            open.abandoned = true;
        }
    }

    /// Ends the waiting: whoever comes later shares this fate at once.
    pub(super) fn settle(&mut self, reason: Option<Reason>) -> Open {
        match std::mem::replace(self, Self::Settled(reason)) {
            Self::Open(open) => open,
            Self::Settled(_) => Open::default(),
        }
    }
}
