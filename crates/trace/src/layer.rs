//! The trace window as a signal: extract, start, inject.

use std::fmt;
use std::sync::Arc;

use http::request;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{TraceContextExt, TraceState, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope};
use tower_telemetry_core::{Exchange, ObserveLayer, Side, Signal, Trust, TrustPolicy, Window, names};

use crate::decide::{Decide, Origin};
use crate::decision::{Decisions, Made};
use crate::hints::{Hints, Peers};
use crate::naming::SpanNaming;
use crate::observer::{Fate, TraceObserver};
use crate::propagation::{self, Destinations, Inherited, Propagation};
use crate::sink::SpanSink;
use crate::style::Style;

/// The layer of the trace window, on either side.
pub type TraceLayer<T> = ObserveLayer<Trace<T>>;

/// The trace window: a span for each exchange, and its context passed on.
///
/// Made of any tracer; [`with_tracer_provider`](Self::with_tracer_provider) gives it the scope of
/// this project. The provider's own sampler decides, and is asked before an attribute is built;
/// [`with_decision`](Self::with_decision) has another decide, at the head and at the end.
pub struct Trace<T> {
    pub(crate) tracer: Arc<T>,
    pub(crate) naming: SpanNaming,
    pub(crate) style: Style,
    pub(crate) trust: TrustPolicy,
    propagation: Propagation,
    pub(crate) decisions: Arc<Decisions>,
}

/// What the caller of an exchange has to do with its span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// It tells nothing, or there is none: the span is made under what is current.
    Silent,
    /// It may tell something, to be read as far as it is believed.
    Telling,
}

impl<T> Trace<T> {
    /// The window whose spans this tracer makes.
    pub fn new(tracer: T) -> Self {
        Self {
            tracer: Arc::new(tracer),
            naming: SpanNaming::default(),
            style: Style::default(),
            trust: TrustPolicy::default(),
            propagation: Propagation::default(),
            decisions: Arc::default(),
        }
    }

    /// Names spans in this way.
    #[must_use]
    pub fn with_naming(mut self, naming: SpanNaming) -> Self {
        self.naming = naming;
        self
    }

    /// Believes callers in this way, all alike or each by its request; the client side has none.
    #[must_use]
    pub fn with_trust(mut self, trust: impl Into<TrustPolicy>) -> Self {
        self.trust = trust.into();
        self
    }

    /// Has this one decide about each exchange, in place of the provider's sampler.
    ///
    /// What is kept at the end goes to the sink, as a span of the scope [`scope`]. The tracer is to take
    /// the ids and the decision of [`handover`](crate::handover); what a pipeline sets up does. Spans
    /// that are made within an exchange that waits for its end are not recorded, for nobody knows yet
    /// that they are wanted, unless the sink [holds](SpanSink::hold) them; its calls are.
    #[must_use]
    pub fn with_decision(mut self, decide: Arc<dyn Decide>, sink: Arc<dyn SpanSink>) -> Self {
        Arc::make_mut(&mut self.decisions).made = Some(Made::new(decide, sink));
        self
    }

    /// Tells callers of a server that their trace is kept, or not; it is told by default.
    ///
    /// Only where there is a [decision](Self::with_decision), and callers are believed. Written as
    /// `server-timing: trace;desc=00-<trace>-<span>-<flags>` beside what else stands there: in the head
    /// over HTTP, in the trailers over gRPC.
    #[must_use]
    pub fn with_hints(mut self, hints: Hints) -> Self {
        Arc::make_mut(&mut self.decisions).hints = hints;
        self
    }

    /// Believes these callees of a client when they say that a trace is kept; nobody by default.
    #[must_use]
    pub fn with_hints_from(mut self, peers: Peers) -> Self {
        Arc::make_mut(&mut self.decisions).peers = peers;
        self
    }

    /// Reads and writes context in these formats, for these servers; W3C's for all by default.
    #[must_use]
    pub fn with_propagation(mut self, propagation: Propagation) -> Self {
        self.propagation = propagation;
        self
    }

    /// Tells context and baggage to these servers alone; see [`Destinations::hosts`].
    #[must_use]
    pub fn with_allowed_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.propagation = self.propagation.with_destinations(Destinations::hosts(hosts));
        self
    }

    /// How context comes in and goes out: for carriers of one's own, as a [`TextMap`](crate::TextMap).
    #[must_use]
    pub const fn propagation(&self) -> &Propagation {
        &self.propagation
    }

    /// How many malformed `traceparent`s, or headers of other formats, this window and its clones met; each began a
    /// new trace.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.propagation.refusals().contexts
    }
}

impl Trace<BoxedTracer> {
    /// The window of the global tracer provider, as it is set by now.
    #[must_use]
    pub fn global() -> Self {
        Self::with_tracer_provider(&opentelemetry::global::tracer_provider())
    }
}

impl<T: Tracer> Trace<T> {
    /// The window of this provider.
    pub fn with_tracer_provider(provider: &impl TracerProvider<Tracer = T>) -> Self {
        Self::new(provider.tracer_with_scope(scope()))
    }
}

/// The instrumentation scope of this project's spans.
#[must_use]
pub fn scope() -> InstrumentationScope {
    InstrumentationScope::builder("tower-telemetry")
        .with_version(env!("CARGO_PKG_VERSION"))
        .with_schema_url(names::SCHEMA_URL)
        .build()
}

impl<T> Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    /// Whether a caller tells the span of this exchange anything: one look at the names of its fields.
    pub(crate) fn caller(&self, exchange: &Exchange, head: &request::Parts, trust: Trust) -> Caller {
        let is_silent = match exchange.side {
            Side::Server => trust == Trust::Parent && self.propagation.is_absent_from(&head.headers),
            Side::Client => true,
        };
        if is_silent { Caller::Silent } else { Caller::Telling }
    }

    /// What the span of this exchange is made under; `current` is the context of this thread.
    pub(crate) fn inherit(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        trust: Trust,
        current: Context,
    ) -> Inherited {
        match exchange.side {
            Side::Server => self.propagation.inherit(trust, &head.headers, current),
            Side::Client => Inherited::local(current),
        }
    }
}

impl<T> Signal for Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    const WINDOW: Window = Window::TRACE;

    type Observer = TraceObserver;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> TraceObserver {
        let current = Context::current();
        if current.is_telemetry_suppressed() {
            // The traffic of an exporter is no traffic of the service.
            return TraceObserver::new(current, Fate::Untold);
        }
        let observer = self.begin(exchange, head, current);
        if exchange.side == Side::Client
            && let Some(ids) = exchange.trace()
        {
            self.propagation.inject(exchange, &ids, observer.context(), head);
        }
        observer
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<TraceObserver> {
        let inherited = self.inherit(exchange, head, self.trust.of(head), Context::current());
        let new = inherited.new_ids();
        let context = inherited.into_context();
        let (ids, context) = match propagation::ids_of(context.span().span_context()) {
            Some(ids) => (ids, context),
            None => {
                let span = propagation::span_context(new, Origin::Local, TraceState::NONE);
                (new, context.with_remote_span_context(span))
            }
        };
        exchange.set_trace(ids);
        if exchange.side == Side::Client {
            self.propagation.inject(exchange, &ids, &context, head);
        }
        Some(TraceObserver::new(context, Fate::Untold))
    }
}

// By hand: a tracer need not be `Clone` or `Debug`.
impl<T> Clone for Trace<T> {
    fn clone(&self) -> Self {
        Self {
            tracer: Arc::clone(&self.tracer),
            naming: self.naming.clone(),
            style: self.style.clone(),
            trust: self.trust.clone(),
            propagation: self.propagation.clone(),
            decisions: Arc::clone(&self.decisions),
        }
    }
}

impl<T> fmt::Debug for Trace<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("naming", &self.naming)
            .field("style", &self.style)
            .field("trust", &self.trust)
            .field("decisions", &self.decisions)
            .finish_non_exhaustive()
    }
}
