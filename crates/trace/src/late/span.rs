//! A span, written whole from a card and its outcome.

use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;
use tower_telemetry_core::names::attribute;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, Outcome, Side, TraceIds};

use crate::arrival::Arrival;
use crate::attributes::{self, Written};
use crate::decide::{Origin, Reason};
use crate::late::waiting::Waiting;
use crate::recording::status;
use crate::sink::FinishedSpan;

/// The span of an exchange that waited; `None` if it has no ids, and so never waited.
pub(super) fn write(
    exchange: &Exchange,
    outcome: &Outcome,
    waiting: &Waiting,
    reason: Reason,
) -> Option<FinishedSpan> {
    let ids = exchange.trace()?;
    let Arrival { captured, later, .. } = &waiting.arrival;
    let sight = waiting.arrival.sight();
    let mut attributes = attributes::of_arrival(exchange, &sight, captured);
    attributes.push(reason.attribute());
    let before = (sight.uri.path(), Written::default());
    attributes::of_outcome(exchange, outcome, later, before, &mut attributes);
    #[allow(clippy::disallowed_methods, reason = "a span's start is a time of day")]
    let now = SystemTime::now();
    let started = now.checked_sub(exchange.age()).unwrap_or(now);
    Some(FinishedSpan {
        ids: TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..ids },
        parent: waiting.parent.map(|(parent, _)| parent),
        parent_is_remote: waiting.parent.is_some_and(|(_, origin)| origin == Origin::Remote),
        state: waiting.state.clone(),
        kind: kind(exchange.side),
        name: waiting.naming.name(exchange),
        started,
        ended: started + later.span_length(outcome),
        attributes,
        links: waiting.link.iter().cloned().collect(),
        status: status(outcome),
    })
}

/// That calls of this exchange have no span.
pub(super) fn dropped_calls(count: u64) -> Option<KeyValue> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    (count > 0).then(|| KeyValue::new(attribute::CALLS_DROPPED, count))
}

/// SERVER or CLIENT.
pub(crate) const fn kind(side: Side) -> SpanKind {
    match side {
        Side::Server => SpanKind::Server,
        Side::Client => SpanKind::Client,
    }
}
