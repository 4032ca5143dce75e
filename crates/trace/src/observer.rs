//! The trace of one exchange, while it runs.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, response};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Code, Exchange, Observer, Outcome, Protocol, Side, TraceIds, grpc};

use crate::decide::Response;
use crate::decision::Decisions;
use crate::hints::{self, Hints};
use crate::late::{self, Waiting, root_of};
use crate::recording::{Goes, Recording};

/// Holds the context of one exchange, and writes its span when it is over.
#[derive(Debug)]
pub struct TraceObserver {
    context: Context,
    fate: Fate,
    hints: Hints,
    decisions: Arc<Decisions>,
}

/// What becomes of an exchange's span.
#[derive(Debug)]
pub(crate) enum Fate {
    /// The window does not look: the context is passed on, and that is all.
    Unobserved,
    /// There is none.
    Dropped,
    /// It waits on the card, unwritten, until the end decides.
    Waiting,
    /// It is being recorded.
    // Boxed: it would stand in every future and every body, recorded or not.
    Recording(Box<Recording>),
    /// It was recorded, and ended before the exchange does.
    Recorded,
}

impl TraceObserver {
    pub(crate) fn new(context: Context, fate: Fate, decisions: &Arc<Decisions>) -> Self {
        Self { context, fate, hints: Hints::Untold, decisions: Arc::clone(decisions) }
    }

    /// Tells the caller, or not.
    pub(crate) fn with_hints(self, hints: Hints) -> Self {
        Self { hints, ..self }
    }

    pub(crate) const fn context(&self) -> &Context {
        &self.context
    }

    /// Notes what a span may want of the response head.
    fn note_head(&mut self, exchange: &Exchange, head: &response::Parts) {
        match &self.fate {
            Fate::Recording(recording) => {
                if recording.respond(&self.context.span(), exchange, head) == Goes::NoFurther {
                    self.fate = Fate::Recorded;
                }
            }
            Fate::Waiting => {
                if let Some(waiting) = Waiting::of(exchange) {
                    waiting.arrival.respond(exchange, head);
                }
            }
            Fate::Unobserved | Fate::Dropped | Fate::Recorded => {}
        }
    }

    /// Whether there is something that the other side may be told, or tell us.
    const fn may_hint(&self) -> bool {
        !matches!(self.fate, Fate::Unobserved | Fate::Dropped)
    }

    /// The response tells what it can: to the caller on the server side, to us on the client side.
    fn hint(&self, exchange: &Exchange, status: StatusCode, grpc: Option<Code>, headers: &mut HeaderMap) {
        let (Some(made), Some(ids)) = (&self.decisions.made, exchange.trace()) else { return };
        match (exchange.side, &self.fate) {
            (Side::Server, Fate::Waiting | Fate::Recording(_) | Fate::Recorded)
                if self.hints == Hints::Told =>
            {
                let is_kept = !matches!(self.fate, Fate::Waiting)
                    || made.decide.at_response(exchange, &Response { status, grpc, elapsed: exchange.age() });
                if is_kept {
                    hints::tell(&TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..ids }, headers);
                }
            }
            (Side::Client, Fate::Waiting)
                if self.decisions.peers.include(exchange.server.as_ref())
                    && hints::is_kept(ids.trace_id, headers) =>
            {
                root_of(exchange).want();
            }
            _ => {}
        }
    }
}

impl Observer for TraceObserver {
    type Guard = ContextGuard;

    fn enter(&self) -> ContextGuard {
        self.context.clone().attach()
    }

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        self.note_head(exchange, head);
        if !self.may_hint() {
            return;
        }
        let status = if exchange.protocol.is_grpc() { grpc::status(&head.headers) } else { None };
        // The trailers of a gRPC call know more, where they are to come.
        if exchange.side == Side::Client || exchange.protocol != Protocol::Grpc || status.is_some() {
            self.hint(exchange, head.status, status, &mut head.headers);
        }
    }

    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        if let Fate::Recording(recording) = &mut self.fate {
            recording.frame(&self.context.span(), exchange, bytes);
        }
    }

    fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
        match &self.fate {
            Fate::Recording(recording) => recording.trail(exchange, trailers),
            Fate::Waiting => {
                if let Some(waiting) = Waiting::of(exchange) {
                    waiting.arrival.trail(exchange, trailers);
                }
            }
            Fate::Unobserved | Fate::Dropped | Fate::Recorded => {}
        }
        if self.may_hint() && (exchange.side == Side::Client || exchange.protocol == Protocol::Grpc) {
            let status = grpc::status(trailers);
            self.hint(exchange, StatusCode::OK, status, trailers);
        }
    }

    fn settle(&mut self, exchange: &Exchange, outcome: &Outcome) {
        let Some(made) = &self.decisions.made else { return };
        if matches!(self.fate, Fate::Waiting)
            && let Some(waiting) = Waiting::of(exchange)
        {
            late::settle(exchange, outcome, waiting, made);
        }
        if exchange.side == Side::Server && !matches!(self.fate, Fate::Unobserved) {
            made.decide.learn(exchange, outcome);
        }
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        if let Fate::Recording(recording) = self.fate {
            recording.finish(&self.context.span(), exchange, outcome);
        }
    }
}
