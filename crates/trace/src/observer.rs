//! The trace of one exchange, while it runs.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode, response};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Code, Exchange, Observer, Outcome, Protocol, Side, TraceIds, grpc};

use crate::decide::Response;
use crate::decision::Decisions;
use crate::hints::{self, Hints};
use crate::late::{self, Waiting, root_of};
use crate::recording::Recording;

/// Holds the context of one exchange, and writes its span when it is over.
// Moved several times with futures and bodies: what only some exchanges need stands behind a pointer.
#[derive(Debug)]
pub struct TraceObserver {
    context: Context,
    fate: Fate,
}

/// What becomes of an exchange's span.
// Nothing but pointers, so that it is two words: with a byte beside its tag it is moved byte by byte, and waited for.
#[derive(Debug)]
pub(crate) enum Fate {
    /// There is none, and nobody is to hear of its end: the context is passed on, and that is all.
    Untold,
    /// There is none; who decided learns from its end.
    Dropped(Arc<Decisions>),
    /// It waits on the card, unwritten, until the end decides.
    Waiting(Arc<Decisions>),
    /// It is being recorded, or was.
    Recording(Box<Recording>),
}

impl TraceObserver {
    pub(crate) const fn new(context: Context, fate: Fate) -> Self {
        Self { context, fate }
    }

    pub(crate) const fn context(&self) -> &Context {
        &self.context
    }

    /// Whether there is a span, or may be one at the end.
    const fn may_have_span(&self) -> bool {
        matches!(self.fate, Fate::Waiting(..) | Fate::Recording(_))
    }

    /// Notes what a span may want of the response head, and tells the caller what is known by now.
    fn note_head(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        match &mut self.fate {
            Fate::Recording(recording) => recording.respond(&self.context.span(), exchange, head),
            Fate::Waiting(..) => {
                if let Some(waiting) = Waiting::of(exchange) {
                    waiting.arrival.later.respond(exchange, head);
                }
            }
            Fate::Untold | Fate::Dropped(_) => {}
        }
        let status = if exchange.protocol.is_grpc() { grpc::status(&head.headers) } else { None };
        // The trailers of a gRPC call know more, where they are to come.
        if exchange.side == Side::Client || exchange.protocol != Protocol::Grpc || status.is_some() {
            let response = Told { status: head.status, grpc: status, at: exchange.head_time() };
            self.hint(exchange, &response, &mut head.headers);
        }
    }

    /// Notes what a span may want of the trailers, and tells the caller what is known by now.
    fn note_trailers(&self, exchange: &Exchange, trailers: &mut HeaderMap) {
        match &self.fate {
            Fate::Recording(recording) => recording.trail(exchange, trailers),
            Fate::Waiting(..) => {
                if let Some(waiting) = Waiting::of(exchange) {
                    waiting.arrival.later.trail(exchange, trailers);
                }
            }
            Fate::Untold | Fate::Dropped(_) => {}
        }
        if exchange.side == Side::Client || exchange.protocol == Protocol::Grpc {
            let response = Told { status: StatusCode::OK, grpc: grpc::status(trailers), at: None };
            self.hint(exchange, &response, trailers);
        }
    }

    /// The response tells what it can: to the caller on the server side, to us on the client side.
    fn hint(&self, exchange: &Exchange, told: &Told, headers: &mut HeaderMap) {
        let (hints, decisions) = match &self.fate {
            Fate::Waiting(decisions) => match Waiting::of(exchange) {
                Some(waiting) => (waiting.hints, decisions),
                None => return,
            },
            Fate::Recording(recording) => (recording.hints, &recording.decisions),
            Fate::Untold | Fate::Dropped(_) => return,
        };
        let (Some(made), Some(ids)) = (&decisions.made, exchange.trace()) else { return };
        let is_waiting = matches!(self.fate, Fate::Waiting(..));
        match exchange.side {
            Side::Server
                if hints == Hints::Told
                    && (!is_waiting || made.decide.at_response(exchange, &told.response(exchange))) =>
            {
                hints::tell(&TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..ids }, headers);
            }
            Side::Client
                if is_waiting
                    && decisions.peers.include(exchange.server.as_ref())
                    && hints::is_kept(ids.trace_id, headers) =>
            {
                root_of(exchange).want();
            }
            _ => {}
        }
    }

    /// Tells the outcome to who decides, and what becomes of what waited.
    fn conclude(&self, exchange: &Exchange, outcome: &Outcome) {
        let decisions = match &self.fate {
            Fate::Dropped(decisions) | Fate::Waiting(decisions) => decisions,
            Fate::Recording(recording) => &recording.decisions,
            Fate::Untold => return,
        };
        let Some(made) = &decisions.made else { return };
        if let Fate::Waiting(..) = self.fate
            && let Some(waiting) = Waiting::of(exchange)
        {
            late::settle(exchange, outcome, waiting, made);
        }
        if made.learns_from(exchange) {
            made.decide.learn(exchange, outcome);
        }
    }
}

/// What a response tells a caller by.
struct Told {
    status: StatusCode,
    grpc: Option<Code>,
    /// When, if no clock has to be read for it.
    at: Option<Duration>,
}

impl Told {
    fn response(&self, exchange: &Exchange) -> Response {
        let &Self { status, grpc, at } = self;
        Response { status, grpc, elapsed: at.unwrap_or_else(|| exchange.age()) }
    }
}

// The forks are inlined: most exchanges have no span, and pay for no call.
impl Observer for TraceObserver {
    type Guard = ContextGuard;

    #[inline]
    fn enter(&self) -> ContextGuard {
        self.context.clone().attach()
    }

    #[inline]
    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        if self.may_have_span() {
            self.note_head(exchange, head);
        }
    }

    #[inline]
    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        if let Fate::Recording(recording) = &mut self.fate {
            recording.frame(&self.context.span(), exchange, bytes);
        }
    }

    #[inline]
    fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
        if self.may_have_span() {
            self.note_trailers(exchange, trailers);
        }
    }

    #[inline]
    fn settle(&mut self, exchange: &Exchange, outcome: &Outcome) {
        if !matches!(self.fate, Fate::Untold) {
            self.conclude(exchange, outcome);
        }
    }

    #[inline]
    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        if let Fate::Recording(recording) = self.fate {
            recording.finish(&self.context.span(), exchange, outcome);
        }
    }
}
