//! The trace window as a signal: extract, start, inject.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::request;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{
    Link, Span, SpanBuilder, SpanKind, TraceContextExt, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, InstrumentationScope};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags};
use tower_telemetry_core::{Exchange, ObserveLayer, Side, Signal, TraceIds, TrustPolicy, Window, names};

use crate::arrival::Arrival;
use crate::attributes;
use crate::decide::Origin;
use crate::naming::SpanNaming;
use crate::observer::{Recording, TraceObserver};
use crate::propagation::{self, Destinations, Inherited, Propagation, Wish};

/// The layer of the trace window, on either side.
pub type TraceLayer<T> = ObserveLayer<Trace<T>>;

/// The trace window: a span for each exchange, and its context passed on.
///
/// Made of any tracer; [`with_tracer_provider`](Self::with_tracer_provider) gives it the scope of
/// this project. The provider's own sampler decides, and is asked before an attribute is built.
pub struct Trace<T> {
    tracer: Arc<T>,
    naming: SpanNaming,
    trust: TrustPolicy,
    propagation: Propagation,
}

impl<T> Trace<T> {
    /// The window whose spans this tracer makes.
    pub fn new(tracer: T) -> Self {
        Self {
            tracer: Arc::new(tracer),
            naming: SpanNaming::default(),
            trust: TrustPolicy::default(),
            propagation: Propagation::default(),
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
        let scope = InstrumentationScope::builder("tower-telemetry")
            .with_version(env!("CARGO_PKG_VERSION"))
            .with_schema_url(names::SCHEMA_URL)
            .build();
        Self::new(provider.tracer_with_scope(scope))
    }
}

impl<T> Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    /// What the span of this exchange is made under.
    fn inherit(&self, exchange: &Exchange, head: &request::Parts) -> Inherited {
        match exchange.side {
            Side::Server => self.propagation.inherit(self.trust.of(head), &head.headers),
            Side::Client => Inherited::local(Context::current()),
        }
    }

    fn begin(&self, exchange: &Exchange, head: &request::Parts) -> TraceObserver {
        let Inherited { context: parent, link, wish } = self.inherit(exchange, head);
        if wish == Wish::No {
            let (ids, context) = without_span(&parent);
            exchange.set_trace(ids);
            return TraceObserver::new(context, None);
        }
        #[allow(clippy::disallowed_methods, reason = "a span's start is a time of day")]
        let started = SystemTime::now();
        let kind = match exchange.side {
            Side::Server => SpanKind::Server,
            Side::Client => SpanKind::Client,
        };
        // Bare, so that a sampler's no costs no attribute.
        let mut builder = SpanBuilder::from_name(SpanNaming::provisional(exchange))
            .with_kind(kind)
            .with_start_time(started);
        if let Some(link) = link {
            builder = builder.with_links(vec![Link::with_context(link)]);
        }
        let mut span = self.tracer.build_with_context(builder, &parent);
        let recording = span.is_recording().then(|| Recording {
            started,
            naming: self.naming,
            path: if exchange.protocol.is_grpc() { head.uri.path().to_owned() } else { String::new() },
        });
        let inherited = parent.span().span_context().clone();
        let own = propagation::ids_of(span.span_context())
            // A tracer that makes no spans hands the parent's on as if it were its own.
            .filter(|own| propagation::ids_of(&inherited).is_none_or(|parent| parent.span_id != own.span_id));
        let (ids, context) = match own {
            Some(own) => {
                let ids = TraceIds { flags: own.flags.with(random_flag(exchange, &inherited)), ..own };
                if recording.is_some() {
                    span.set_attributes(attributes::of_arrival(exchange, &Arrival::of(head)));
                }
                (ids, parent.with_span(span))
            }
            None => without_span(&parent),
        };
        exchange.set_trace(ids);
        TraceObserver::new(context, recording)
    }
}

/// A new trace has random ids, all of them; a caller's trace keeps what its caller said.
fn random_flag(exchange: &Exchange, parent: &opentelemetry::trace::SpanContext) -> TraceFlags {
    let Some(parent) = propagation::ids_of(parent) else { return TraceFlags::RANDOM };
    // The SDK's spans forget the flag; the exchange that a call is made in has kept it.
    let caller = exchange.caller().and_then(|caller| caller.trace().copied());
    let kept = caller.filter(|caller| caller.trace_id == parent.trace_id);
    if parent.flags.is_random() || kept.is_some_and(|kept| kept.flags.is_random()) {
        TraceFlags::RANDOM
    } else {
        TraceFlags::NONE
    }
}

/// Ids for an exchange that has no span, so that its log lines and its callees still have some.
fn without_span(parent: &Context) -> (TraceIds, Context) {
    let inherited = parent.span().span_context().clone();
    let ids = match propagation::ids_of(&inherited) {
        Some(ids) => TraceIds { span_id: SpanId::random(), ..ids },
        None => TraceIds::random(TraceFlags::RANDOM),
    };
    let state = inherited.trace_state().clone();
    (ids, parent.with_remote_span_context(propagation::span_context(ids, Origin::Local, state)))
}

impl<T> Signal for Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    const WINDOW: Window = Window::TRACE;

    type Observer = TraceObserver;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> TraceObserver {
        if Context::is_current_telemetry_suppressed() {
            // The traffic of an exporter is no traffic of the service.
            return TraceObserver::new(Context::current(), None);
        }
        let observer = self.begin(exchange, head);
        if exchange.side == Side::Client
            && let Some(ids) = exchange.trace()
        {
            self.propagation.inject(exchange, ids, observer.context(), head);
        }
        observer
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<TraceObserver> {
        let Inherited { context, .. } = self.inherit(exchange, head);
        let (ids, context) = match propagation::ids_of(context.span().span_context()) {
            Some(ids) => (ids, context),
            None => {
                let ids = TraceIds::random(TraceFlags::RANDOM);
                let span = propagation::span_context(ids, Origin::Local, TraceState::NONE);
                (ids, context.with_remote_span_context(span))
            }
        };
        exchange.set_trace(ids);
        if exchange.side == Side::Client {
            self.propagation.inject(exchange, &ids, &context, head);
        }
        Some(TraceObserver::new(context, None))
    }
}

// By hand: a tracer need not be `Clone` or `Debug`.
impl<T> Clone for Trace<T> {
    fn clone(&self) -> Self {
        Self {
            tracer: Arc::clone(&self.tracer),
            naming: self.naming,
            trust: self.trust.clone(),
            propagation: self.propagation.clone(),
        }
    }
}

impl<T> fmt::Debug for Trace<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("naming", &self.naming)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}
