//! The end of an exchange that waited.

use std::ptr;
use std::sync::Arc;

use tower_telemetry_core::{Ending, Exchange, Outcome, Side, current};

use crate::decide::Reason;
use crate::decision::Made;
use crate::held::HeldSpans;
use crate::late::calls::{Call, Handed};
use crate::late::root::root_of;
use crate::late::span;
use crate::late::waiting::Waiting;

/// Decides about the exchange, or hands it to the one that decides.
pub(crate) fn settle(exchange: &Exchange, outcome: &Outcome, waiting: &Waiting, made: &Made) {
    let root = root_of(exchange);
    if ptr::eq(root, exchange) {
        conclude(exchange, outcome, waiting, made);
    } else if let Some(waiting) = Waiting::of(root) {
        note_failure(root, outcome, waiting);
        hand_over(exchange, outcome, waiting, made);
    } else {
        // The request that it was a part of does not wait: it was dropped.
        exchange.set_kept(false);
    }
}

/// A call that came to no answer is worth keeping, whatever its server says.
fn note_failure(root: &Exchange, outcome: &Outcome, waiting: &Waiting) {
    match (outcome.ending, outcome.head) {
        (Ending::Failed, _) => root.want(),
        // A timeout further out drops the call. So does a request that is itself given up, which is no
        // failure of the callee: which of them it was shows when the request ends.
        (Ending::Dropped, None) => waiting.calls().abandon(),
        _ => {}
    }
}

fn hand_over(exchange: &Exchange, outcome: &Outcome, root: &Waiting, made: &Made) {
    // An observer is lent the card; the one on the thread is the same, with a count of its own.
    let Some(card) = current().filter(|card| ptr::eq(Arc::as_ptr(card), exchange)) else { return };
    let handed = root.calls().hand(Call { exchange: card, outcome: *outcome });
    match handed {
        Handed::Waits => {}
        Handed::Dropped => exchange.set_kept(false),
        Handed::Kept(call, reason) => write(&call, root, reason, made),
    }
}

fn conclude(exchange: &Exchange, outcome: &Outcome, waiting: &Waiting, made: &Made) {
    let (calls, abandoned) = waiting.calls().waiting();
    if (abandoned && outcome.ending != Ending::Dropped) || is_unanswered_call(exchange, outcome) {
        exchange.want();
    }
    let held = waiting.held.as_deref();
    let spans = calls.saturating_add(1).saturating_add(held.map_or(0, HeldSpans::count));
    let reason = made.decide.at_end(exchange, outcome, spans);
    exchange.set_kept(reason.is_some());
    let open = waiting.calls().settle(reason);
    if let Some(held) = held {
        held.settle(reason);
    }
    let Some(reason) = reason else { return };
    if let Some(mut span) = span::write(exchange, outcome, waiting, reason) {
        span.attributes.extend(span::dropped_calls(open.dropped));
        made.sink.write(span);
    }
    open.calls.iter().for_each(|call| write(call, waiting, reason, made));
}

/// A call that is a trace of its own has nobody else to tell that it failed.
fn is_unanswered_call(exchange: &Exchange, outcome: &Outcome) -> bool {
    exchange.side == Side::Client
        && (outcome.ending == Ending::Failed || (outcome.ending, outcome.head) == (Ending::Dropped, None))
}

fn write(call: &Call, root: &Waiting, reason: Reason, made: &Made) {
    call.exchange.set_kept(true);
    let waiting = Waiting::of(&call.exchange);
    let span = waiting.and_then(|waiting| span::write(&call.exchange, &call.outcome, waiting, reason));
    if let Some(mut span) = span {
        // The span of the program that it was made in may have found no room since.
        let written = |parent| root.held.as_deref().and_then(|held| held.parent(parent));
        span.parent = span.parent.map(|parent| written(parent).unwrap_or(parent));
        made.sink.write(span);
    }
}
