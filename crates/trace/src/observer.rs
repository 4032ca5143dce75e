//! The trace of one exchange, while it runs.

use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, StatusCode, response};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Code, Exchange, Observer, Outcome, Protocol, Side, TraceIds, grpc};

use crate::attributes;
use crate::decide::Response;
use crate::decision::Decisions;
use crate::hints::{self, Hints};
use crate::late::{self, Waiting, root_of};
use crate::naming::SpanNaming;

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
    Recording(Recording),
}

/// What a recorded span needs at its end.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) started: SystemTime,
    pub(crate) naming: SpanNaming,
    /// The path of a gRPC call, for a method that turns out to be unknown.
    pub(crate) path: String,
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

    /// The response tells what it can: to the caller on the server side, to us on the client side.
    fn hint(&self, exchange: &Exchange, status: StatusCode, grpc: Option<Code>, headers: &mut HeaderMap) {
        let (Some(made), Some(ids)) = (&self.decisions.made, exchange.trace()) else { return };
        match (exchange.side, &self.fate) {
            (Side::Server, Fate::Waiting | Fate::Recording(_)) if self.hints == Hints::Told => {
                let is_kept = matches!(self.fate, Fate::Recording(_))
                    || made.decide.at_response(exchange, &Response { status, grpc, elapsed: exchange.age() });
                if is_kept {
                    hints::tell(&TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..*ids }, headers);
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
        let status = if exchange.protocol.is_grpc() { grpc::status(&head.headers) } else { None };
        // The trailers of a gRPC call know more, where they are to come.
        if exchange.side == Side::Client || exchange.protocol != Protocol::Grpc || status.is_some() {
            self.hint(exchange, head.status, status, &mut head.headers);
        }
    }

    fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
        if exchange.side == Side::Client || exchange.protocol == Protocol::Grpc {
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
        let Fate::Recording(Recording { started, naming, path }) = self.fate else { return };
        let span = self.context.span();
        // The route may have been learnt since the start.
        span.update_name(naming.name(exchange));
        span.set_attributes(attributes::of_outcome(exchange, outcome, &path));
        span.set_status(late::status(outcome));
        // The span takes as long as the metric and the log line say.
        span.end_with_timestamp(started + outcome.total);
    }
}
