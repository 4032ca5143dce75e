//! The trace window as a signal: extract, start, inject.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use http::request;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{
    Link, Span, SpanBuilder, SpanKind, TraceContextExt, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, InstrumentationScope};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags};
use tower_telemetry_core::{Exchange, ObserveLayer, Side, Signal, TraceIds, Trust, Window, names};

use crate::arrival::Arrival;
use crate::attributes;
use crate::decide::Origin;
use crate::naming::SpanNaming;
use crate::observer::TraceObserver;
use crate::propagation::{self, Remote};
use crate::recording::Recording;
use crate::style::Style;

/// The layer of the trace window, on either side.
pub type TraceLayer<T> = ObserveLayer<Trace<T>>;

/// The trace window: a span for each exchange, and its context passed on.
///
/// Made of any tracer; [`with_tracer_provider`](Self::with_tracer_provider) gives it the scope of
/// this project. The provider's own sampler decides, and is asked before an attribute is built.
pub struct Trace<T> {
    tracer: Arc<T>,
    naming: SpanNaming,
    pub(crate) style: Style,
    trust: Trust,
    refused: Arc<AtomicU64>,
}

impl<T> Trace<T> {
    /// The window whose spans this tracer makes.
    pub fn new(tracer: T) -> Self {
        Self {
            tracer: Arc::new(tracer),
            naming: SpanNaming::default(),
            style: Style::default(),
            trust: Trust::default(),
            refused: Arc::default(),
        }
    }

    /// Names spans in this way.
    #[must_use]
    pub fn with_naming(mut self, naming: SpanNaming) -> Self {
        self.naming = naming;
        self
    }

    /// Believes callers in this way; the client side has none.
    #[must_use]
    pub fn with_trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// How many malformed `traceparent`s this window and its clones met; each began a new trace.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
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
    /// The caller's context, where it may be looked at.
    fn remote(&self, exchange: &Exchange, head: &request::Parts) -> Option<Remote> {
        if exchange.side == Side::Client || self.trust == Trust::Never {
            return None;
        }
        Remote::of(&head.headers).unwrap_or_else(|_malformed| {
            self.refused.fetch_add(1, Ordering::Relaxed);
            None
        })
    }

    fn begin(&self, exchange: &Exchange, head: &request::Parts) -> TraceObserver {
        let remote = self.remote(exchange, head);
        let here = Context::current();
        let (parent, link) = match (&remote, self.trust) {
            (Some(remote), Trust::Parent) => (remote.attach_to(&here), None),
            (Some(remote), _) => (Context::new(), Some(remote.span_context())),
            (None, Trust::Parent) => (here, None),
            // A stranger's request that came with nothing is a root all the same.
            (None, _) if exchange.side == Side::Server => (Context::new(), None),
            (None, _) => (here, None),
        };
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
        let arrival = span.is_recording().then(|| Box::new(Arrival::of(exchange, head, &self.style)));
        let inherited = parent.span().span_context().clone();
        let own = propagation::ids_of(span.span_context())
            // A tracer that makes no spans hands the parent's on as if it were its own.
            .filter(|own| propagation::ids_of(&inherited).is_none_or(|parent| parent.span_id != own.span_id));
        let (ids, context) = match own {
            Some(own) => {
                let ids = TraceIds { flags: own.flags.with(random_flag(exchange, &inherited)), ..own };
                if let Some(arrival) = &arrival {
                    span.set_attributes(attributes::of_arrival(exchange, arrival));
                }
                (ids, parent.with_span(span))
            }
            None => without_span(&parent),
        };
        exchange.set_trace(ids);
        let recording = arrival.map(|arrival| Recording::new(started, self.naming.clone(), arrival));
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
            propagation::inject(ids, observer.context(), &mut head.headers);
        }
        observer
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<TraceObserver> {
        let here = Context::current();
        let context = match self.remote(exchange, head).filter(|_| self.trust == Trust::Parent) {
            Some(remote) => remote.attach_to(&here),
            None => here,
        };
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
            propagation::inject(&ids, &context, &mut head.headers);
        }
        Some(TraceObserver::new(context, None))
    }
}

// By hand: a tracer need not be `Clone` or `Debug`.
impl<T> Clone for Trace<T> {
    fn clone(&self) -> Self {
        Self {
            tracer: Arc::clone(&self.tracer),
            naming: self.naming.clone(),
            style: self.style.clone(),
            trust: self.trust,
            refused: Arc::clone(&self.refused),
        }
    }
}

impl<T> fmt::Debug for Trace<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("naming", &self.naming)
            .field("style", &self.style)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}
