//! The recorded span of one exchange, from its start to its end.

use std::cell::Cell;
use std::sync::Arc;
use std::time::SystemTime;

use http::uri::PathAndQuery;
use http::{HeaderMap, request, response};
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Status};
use tower_telemetry_core::names::{attribute, event};
use tower_telemetry_core::{Exchange, Outcome};

use crate::arrival::Later;
use crate::attributes::{self, Written};
use crate::decision::Decisions;
use crate::hints::Hints;
use crate::layer::Trace;
use crate::naming::SpanNaming;

/// The most attributes that a list is kept for.
const LIST_MAX: usize = 64;

thread_local! {
    /// What the last span was given at its end, emptied: a list that need not be made anew.
    static LIST: Cell<Vec<KeyValue>> = const { Cell::new(Vec::new()) };
}

/// What a recorded span needs until its end.
#[derive(Debug)]
pub(crate) struct Recording {
    started: SystemTime,
    naming: SpanNaming,
    /// The target of a gRPC method that was not known at the arrival.
    target: Option<PathAndQuery>,
    written: Written,
    later: Later,
    /// How many events of frames may still be written.
    frames: u32,
    goes: Goes,
    /// Whether the caller is told that the span is kept.
    pub(crate) hints: Hints,
    pub(crate) decisions: Arc<Decisions>,
}

/// Whether a span goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    On,
    /// It ended before the exchange does.
    NoFurther,
}

impl Recording {
    /// Of an exchange that begins, of whose attributes these were written. Boxed at once: it is large.
    pub(crate) fn new<T>(
        started: SystemTime,
        exchange: &Exchange,
        head: &request::Parts,
        window: &Trace<T>,
        (hints, written): (Hints, Written),
    ) -> Box<Self> {
        let is_unknown_method = exchange.protocol.is_grpc() && !exchange.route().is_known();
        Box::new(Self {
            started,
            naming: window.naming.clone(),
            target: if is_unknown_method { head.uri.path_and_query().cloned() } else { None },
            written,
            later: Later::new(window.style.clone()),
            frames: window.style.frame_events(),
            goes: Goes::On,
            hints,
            decisions: Arc::clone(&window.decisions),
        })
    }

    /// Notes the response head; ends the span of a stream that is to end there.
    pub(crate) fn respond(&mut self, span: &SpanRef<'_>, exchange: &Exchange, head: &response::Parts) {
        self.later.respond(exchange, head);
        if !self.later.ends_at_head() {
            return;
        }
        span.update_name(self.naming.name(exchange));
        let before = (self.path(), self.written);
        give(span, |list| attributes::of_head(exchange, head.status, &self.later, before, list));
        span.end_with_timestamp(self.started + exchange.age());
        self.goes = Goes::NoFurther;
    }

    /// Tells a frame, if its event is wanted.
    #[inline(never)]
    pub(crate) fn frame(&mut self, span: &SpanRef<'_>, exchange: &Exchange, bytes: usize) {
        let Some(left) = self.frames.checked_sub(1).filter(|_| self.goes == Goes::On) else { return };
        self.frames = left;
        let size = i64::try_from(bytes).unwrap_or(i64::MAX);
        let attributes = vec![KeyValue::new(attribute::FRAME_SIZE, size)];
        span.add_event_with_timestamp(event::FRAME, self.started + exchange.age(), attributes);
    }

    /// Notes the trailers.
    pub(crate) fn trail(&self, exchange: &Exchange, trailers: &HeaderMap) {
        self.later.trail(exchange, trailers);
    }

    /// Writes down the outcome, and ends the span.
    // Apart, so that an exchange without a span ends without a call.
    #[inline(never)]
    pub(crate) fn finish(&self, span: &SpanRef<'_>, exchange: &Exchange, outcome: &Outcome) {
        if self.goes == Goes::NoFurther {
            return;
        }
        // The route may have been learnt since the start.
        span.update_name(self.naming.name(exchange));
        let before = (self.path(), self.written);
        give(span, |list| attributes::of_outcome(exchange, outcome, &self.later, before, list));
        // A status is unset until then.
        if let error @ Status::Error { .. } = status(outcome) {
            span.set_status(error);
        }
        // The span takes as long as the metric and the log line say.
        span.end_with_timestamp(self.started + self.later.span_length(outcome));
    }

    fn path(&self) -> &str {
        self.target.as_ref().map_or("", PathAndQuery::path)
    }
}

/// Sets attributes, all in one.
fn give(span: &SpanRef<'_>, write: impl FnOnce(&mut Vec<KeyValue>)) {
    let mut list = LIST.try_with(Cell::take).unwrap_or_default();
    write(&mut list);
    span.set_attributes(list.drain(..));
    // A list that grew out of the usual is not kept.
    if list.capacity() <= LIST_MAX {
        let _ = LIST.try_with(|kept| kept.set(list));
    }
}

/// The status of a span. No description: `error.type` and the status say it. Ok is never set, for it is final.
pub(crate) fn status(outcome: &Outcome) -> Status {
    if outcome.error_type.is_some() { Status::error("") } else { Status::Unset }
}
