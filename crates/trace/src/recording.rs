//! The recorded span of one exchange, from its start to its end.

use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, request, response};
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Status};
use tower_telemetry_core::names::{attribute, event};
use tower_telemetry_core::{Exchange, Outcome};

use crate::arrival::Arrival;
use crate::attributes;
use crate::decision::Decisions;
use crate::hints::Hints;
use crate::layer::Trace;
use crate::naming::SpanNaming;

/// What a recorded span needs until its end.
#[derive(Debug)]
pub(crate) struct Recording {
    started: SystemTime,
    naming: SpanNaming,
    pub(crate) arrival: Arrival,
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
    /// Of an exchange that begins. Boxed at once: it is large.
    pub(crate) fn new<T>(
        started: SystemTime,
        exchange: &Exchange,
        head: &request::Parts,
        window: &Trace<T>,
        hints: Hints,
    ) -> Box<Self> {
        Box::new(Self {
            started,
            naming: window.naming.clone(),
            arrival: Arrival::of(exchange, head, &window.style),
            frames: window.style.frame_events(),
            goes: Goes::On,
            hints,
            decisions: Arc::clone(&window.decisions),
        })
    }

    /// Notes the response head; ends the span of a stream that is to end there.
    pub(crate) fn respond(&mut self, span: &SpanRef<'_>, exchange: &Exchange, head: &response::Parts) {
        self.arrival.respond(exchange, head);
        if !self.arrival.ends_at_head() {
            return;
        }
        span.update_name(self.naming.name(exchange));
        span.set_attributes(attributes::of_head(exchange, head.status, &self.arrival));
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
        self.arrival.trail(exchange, trailers);
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
        span.set_attributes(attributes::of_outcome(exchange, outcome, &self.arrival));
        span.set_status(status(outcome));
        // The span takes as long as the metric and the log line say.
        span.end_with_timestamp(self.started + self.arrival.span_length(outcome));
    }
}

/// The status of a span. No description: `error.type` and the status say it. Ok is never set, for it is final.
pub(crate) fn status(outcome: &Outcome) -> Status {
    if outcome.error_type.is_some() { Status::error("") } else { Status::Unset }
}
