//! The exchanges that did not go well lately, for the view.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tower_telemetry::{Ending, Exchange, Outcome, Verdict};

use crate::board::{Fate, FeedRow};

/// Rows that are remembered: more than a terminal shows.
const REMEMBERED: usize = 64;

/// The newest first.
#[derive(Debug, Clone)]
pub(crate) struct Feed {
    opened: Instant,
    rows: Arc<Mutex<VecDeque<FeedRow>>>,
}

impl Feed {
    pub(crate) fn rows(&self) -> Vec<FeedRow> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn uptime(&self) -> Duration {
        self.opened.elapsed()
    }

    pub(crate) fn note(&self, exchange: &Exchange, outcome: &Outcome) {
        let Some(fate) = fate(outcome.verdict) else { return };
        let row = FeedRow {
            at: self.uptime(),
            fate,
            what: what(exchange),
            ended: ended(outcome),
            took: outcome.total,
        };
        let mut rows = self.lock();
        rows.push_front(row);
        rows.truncate(REMEMBERED);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<FeedRow>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Feed {
    #[allow(clippy::disallowed_methods, reason = "the view keeps its own time")]
    fn default() -> Self {
        Self { opened: Instant::now(), rows: Arc::default() }
    }
}

pub(crate) fn fate(verdict: Verdict) -> Option<Fate> {
    match verdict {
        Verdict::CallerFault => Some(Fate::CallerFault),
        Verdict::ServiceFault => Some(Fate::ServiceFault),
        Verdict::Cancelled => Some(Fate::Cancelled),
        _ => None,
    }
}

fn what(exchange: &Exchange) -> String {
    let route = exchange.route().as_str().unwrap_or("(unmatched)");
    let side = exchange.side.as_str();
    if exchange.protocol.is_grpc() {
        format!("{side} {route}")
    } else {
        format!("{side} {} {route}", exchange.method)
    }
}

fn ended(outcome: &Outcome) -> String {
    match (outcome.grpc, outcome.status, outcome.error_type) {
        (Some(code), ..) => code.as_str().to_owned(),
        (None, Some(status), None) if outcome.ending == Ending::Complete => status.as_u16().to_string(),
        (None, Some(status), None) => format!("{} {}", status.as_u16(), outcome.ending.as_str()),
        (None, _, Some(error_type)) => error_type.to_owned(),
        (None, None, None) => outcome.ending.as_str().to_owned(),
    }
}
