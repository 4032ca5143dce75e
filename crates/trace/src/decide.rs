//! One decision per exchange: whether it has a span, and whether it is asked again at its end.

use std::fmt;

use opentelemetry::KeyValue;
use tower_telemetry_core::names::attribute;
use tower_telemetry_core::{Exchange, Outcome, TraceIds, TraceState, trace_ids::TraceId};

/// Decides which exchanges are kept, from the card and the context that came in.
///
/// Asked once at the head of each exchange, before an attribute is built; where the head said
/// [`Decision::Wait`], once more at the end: for all the calls of a server exchange with it. Nothing here
/// waits, and no clock is read: what is needed of the time stands on the card ([`Exchange::arrived`],
/// [`Exchange::ended`]) and in the [`Outcome`].
pub trait Decide: Send + Sync + 'static {
    /// The decision at the head.
    fn at_head(&self, question: &Question<'_>) -> Decision;

    /// Whether the end will surely keep the exchange, by what its response head tells: what a caller is hinted at.
    ///
    /// Asked of exchanges that wait, on the server side.
    fn at_response(&self, _exchange: &Exchange, _response: &Response) -> bool {
        false
    }

    /// Why an exchange that waited is kept, if it is; asked once.
    ///
    /// Asked of server exchanges, and of calls that are made in none: of whatever a trace begins with
    /// in this process. `spans` is how many spans are written if it is kept: its own, and those of its
    /// calls that waited with it. [`Exchange::is_wanted`] tells that a callee kept its part, or that a
    /// call came to no answer.
    fn at_end(&self, _exchange: &Exchange, _outcome: &Outcome, _spans: usize) -> Option<Reason> {
        None
    }

    /// Learns from every server exchange that ended, kept or not.
    fn learn(&self, _exchange: &Exchange, _outcome: &Outcome) {}

    /// Whether [`learn`](Self::learn) is to be called; asked once, when a window is made.
    fn learning(&self) -> Learning {
        Learning::FromEnds
    }

    /// The decision about a span that a program begins a trace with by itself, outside any exchange.
    ///
    /// It cannot wait: [`Decision::Wait`] is a no. Spans with a parent follow it, and are not asked about.
    fn at_own_root(&self, _trace_id: TraceId) -> Decision {
        Decision::Record { reason: Reason::Head, ot: None }
    }
}

/// Whether the ends of exchanges are told to who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learning {
    /// Each end is.
    FromEnds,
    /// No end is: an exchange that has no span costs less.
    Nothing,
}

/// What is known when a decision is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The exchange: side, protocol, method, and the route where it is known at the door.
    pub exchange: &'a Exchange,
    /// The request head: the path where no route is known yet, and a header that asks for a trace.
    pub head: &'a http::request::Parts,
    /// The trace that the span would belong to: the parent's, or a new one.
    pub trace_id: TraceId,
    /// Whether at least the last 7 bytes of the trace id are random.
    pub is_random: bool,
    /// Whom the span would be a child of; `None` also where the caller leaves the decision open, as B3 lets it.
    pub parent: Option<Parent<'a>>,
}

/// The context that a span continues.
#[derive(Debug, Clone, Copy)]
pub struct Parent<'a> {
    /// Its ids and flags.
    pub ids: TraceIds,
    /// Its `tracestate`.
    pub state: &'a TraceState,
    /// Where it was made.
    pub origin: Origin,
}

/// Where the span of a context was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In this process.
    Local,
    /// In a caller's.
    Remote,
}

/// What the response head tells.
#[derive(Debug, Clone, Copy)]
pub struct Response {
    /// The HTTP status.
    pub status: http::StatusCode,
    /// The gRPC status, where it stands in the head or in the trailers.
    pub grpc: Option<tower_telemetry_core::grpc::Code>,
    /// From arrival until now.
    pub elapsed: std::time::Duration,
}

/// A decision at the head.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Sampled: a span is recorded, and callees are told so.
    Record {
        /// Why.
        reason: Reason,
        /// The `ot` entry of `tracestate` to send on, in place of any that came in: `th:..` and the rest of it.
        ///
        /// `None` leaves the state as it is; where it is empty, the entry goes
        /// ([`TraceState::without`]).
        ot: Option<String>,
    },
    /// Not sampled; asked again when the outcome is known. No attribute is built until then.
    Wait,
    /// Not sampled, and not asked again.
    Drop,
}

/// Why a trace is kept: the attribute `sampling.reason` of its spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The head's probability, or the parent's decision.
    Head,
    /// A fault of the service.
    Error,
    /// Slower than the live threshold of its route.
    Slow,
    /// Somebody who may asked for it.
    Forced,
    /// Among the first calls of its route.
    NewRoute,
    /// A callee kept its part.
    Hint,
}

impl Reason {
    /// Every reason, in the order of their declaration.
    pub const ALL: [Self; 6] =
        [Self::Head, Self::Error, Self::Slow, Self::Forced, Self::NewRoute, Self::Hint];

    /// The value of the attribute: `head`, `error`, `slow`, `forced`, `new_route` or `hint`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Error => "error",
            Self::Slow => "slow",
            Self::Forced => "forced",
            Self::NewRoute => "new_route",
            Self::Hint => "hint",
        }
    }

    /// The attribute `sampling.reason`.
    pub(crate) fn attribute(self) -> KeyValue {
        KeyValue::new(attribute::SAMPLING_REASON, self.as_str())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
