//! Spans for pieces of work inside a service.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{
    Link, SpanBuilder, SpanContext, SpanKind, TraceContextExt, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, InstrumentationScope};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{RequestId, Scope, TraceIds, Work, names};

use super::continuation::Continuation;
use super::work_span::{Active, WorkSpan};
use crate::decide::Origin;
use crate::propagation;

/// Makes spans for pieces of work: those that continue a trace, and those that begin one with links.
///
/// ```
/// use opentelemetry_sdk::trace::SdkTracerProvider;
/// use tower_telemetry_trace::tasks::{Spans, Traced};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let spans = Spans::with_tracer_provider(&SdkTracerProvider::builder().build());
///
/// // A job of the same request is a child of the span that sent it:
/// let job = Traced::new(17); // in a handler
/// job.run(|order| spans.continue_as("ship order").run(async move { /* ... */ })).await;
///
/// // A batch belongs to no one trace:
/// let waiting = [Traced::new(18), Traced::new(19)];
/// spans.start_linked("nightly batch", &waiting).run(async { /* ... */ }).await;
/// # }
/// ```
///
/// Names are a program's own, of low cardinality. Spans are INTERNAL, or of the
/// [kind](Self::of_kind) that is asked for: PRODUCER and CONSUMER where a broker stands between.
pub struct Spans<T> {
    tracer: Arc<T>,
    kind: SpanKind,
}

impl<T> Spans<T> {
    /// The spans that this tracer makes.
    pub fn new(tracer: T) -> Self {
        Self { tracer: Arc::new(tracer), kind: SpanKind::Internal }
    }

    /// The same tracer, for spans of this kind.
    #[must_use]
    pub fn of_kind(&self, kind: SpanKind) -> Self {
        Self { tracer: Arc::clone(&self.tracer), kind }
    }
}

impl Spans<BoxedTracer> {
    /// The spans of the global tracer provider, as it is set by now.
    #[must_use]
    pub fn global() -> Self {
        Self::with_tracer_provider(&opentelemetry::global::tracer_provider())
    }
}

impl<T: Tracer> Spans<T> {
    /// The spans of this provider.
    pub fn with_tracer_provider(provider: &impl TracerProvider<Tracer = T>) -> Self {
        let scope = InstrumentationScope::builder("tower-telemetry")
            .with_version(env!("CARGO_PKG_VERSION"))
            .with_schema_url(names::SCHEMA_URL)
            .build();
        Self::new(provider.tracer_with_scope(scope))
    }
}

impl<T> Spans<T>
where
    T: Tracer,
    T::Span: Send + Sync + 'static,
{
    /// A span that continues what is current: a child of its span, for work of the same request.
    ///
    /// Log lines in it keep the ids of their exchange. Where there is none, as after a broker or at the start of
    /// a program, they have the ids of this span.
    pub fn continue_as(&self, name: impl Into<Cow<'static, str>>) -> WorkSpan {
        let (scope, parent) = Continuation::capture().into_parts();
        let (context, own) = self.start(self.builder(name), &parent);
        let is_told_by_its_card = scope.exchange().is_some()
            || (scope.work().is_some() && !parent.span().span_context().is_remote());
        let scope = match own {
            Some(own) if !is_told_by_its_card => Scope::of_work(
                Work::new()
                    .with_trace(with_random(own, scope.trace()))
                    .with_linked(scope.linked().copied())
                    .with_request_id(scope.request_id().cloned()),
            ),
            _ => scope,
        };
        let active = if own.is_some() { Active::Own } else { Active::Inherited };
        WorkSpan::new(Continuation::new(scope, context), active)
    }

    /// A span that begins a trace of its own, with links to the spans that asked for the work: for work that is
    /// done later, or for several at once.
    ///
    /// Each span is linked once. How many links are kept is the tracer's matter (128 by default, the rest is
    /// counted on the span). Log lines have the ids of this span; `request_id` and `linked_trace_id`, where all
    /// agree on them.
    pub fn start_linked<C: AsRef<Continuation>>(
        &self,
        name: impl Into<Cow<'static, str>>,
        asked: impl IntoIterator<Item = C>,
    ) -> WorkSpan {
        let asked = Asked::by(asked);
        let root = if Context::is_current_telemetry_suppressed() {
            Context::new().with_telemetry_suppressed()
        } else {
            Context::new()
        };
        let (context, own) = self.start(self.builder(name).with_links(asked.links), &root);
        let (ids, context, active) = match own {
            Some(own) => {
                (TraceIds { flags: own.flags.with(TraceFlags::RANDOM), ..own }, context, Active::Own)
            }
            // Without a span there are ids all the same, for log lines and callees.
            None => {
                let ids = TraceIds::random(TraceFlags::NONE);
                let span = propagation::span_context(ids, Origin::Local, TraceState::NONE);
                (ids, context.with_remote_span_context(span), Active::Inherited)
            }
        };
        let work = Work::new()
            .with_trace(ids)
            .with_linked(asked.trace.agreed())
            .with_request_id(asked.request_id.agreed());
        WorkSpan::new(Continuation::new(Scope::of_work(work), context), active)
    }

    fn builder(&self, name: impl Into<Cow<'static, str>>) -> SpanBuilder {
        SpanBuilder::from_name(name).with_kind(self.kind.clone())
    }

    /// The context of a new span and its ids, if the tracer makes any.
    fn start(&self, builder: SpanBuilder, parent: &Context) -> (Context, Option<TraceIds>) {
        use opentelemetry::trace::Span as _;
        let span = self.tracer.build_with_context(builder, parent);
        let inherited = parent.span().span_context().span_id();
        // A tracer that makes no spans hands the parent's on as if it were its own.
        match propagation::ids_of(span.span_context()) {
            Some(own) if span.span_context().span_id() != inherited => (parent.with_span(span), Some(own)),
            _ => (parent.clone(), None),
        }
    }
}

/// The spans of an SDK forget whether their trace is random; the card of whoever asked has kept it.
fn with_random(own: TraceIds, asked: Option<TraceIds>) -> TraceIds {
    let asked = asked.filter(|asked| asked.trace_id == own.trace_id);
    let is_random = asked.is_none_or(|asked| asked.flags.is_random());
    let random = if is_random { TraceFlags::RANDOM } else { TraceFlags::NONE };
    TraceIds { flags: own.flags.with(random), ..own }
}

/// Those who asked for a piece of work.
#[derive(Debug, Default)]
struct Asked {
    links: Vec<Link>,
    trace: Agreement<TraceIds>,
    request_id: Agreement<RequestId>,
}

impl Asked {
    fn by<C: AsRef<Continuation>>(all: impl IntoIterator<Item = C>) -> Self {
        let mut asked = Self::default();
        for one in all {
            let one = one.as_ref();
            asked.request_id.hear(one.scope().request_id(), PartialEq::eq);
            let Some(ids) = one.ids() else { continue };
            asked.trace.hear(Some(&ids), |a, b| a.trace_id == b.trace_id);
            asked.link(one.context().span().span_context().clone());
        }
        asked
    }

    fn link(&mut self, span: SpanContext) {
        let is_same = |link: &Link| {
            (link.span_context.trace_id(), link.span_context.span_id()) == (span.trace_id(), span.span_id())
        };
        // Those of one request stand together, most often: the last few are enough to look at.
        if !self.links.iter().rev().take(8).any(is_same) {
            self.links.push(Link::with_context(span));
        }
    }
}

/// What several say, if they say the same.
#[derive(Debug, Default)]
enum Agreement<T> {
    #[default]
    Unheard,
    On(T),
    None,
}

impl<T: Clone> Agreement<T> {
    fn hear(&mut self, said: Option<&T>, is_same: impl Fn(&T, &T) -> bool) {
        *self = match (std::mem::replace(self, Self::None), said) {
            (Self::Unheard, Some(said)) => Self::On(said.clone()),
            (Self::On(agreed), Some(said)) if is_same(&agreed, said) => Self::On(agreed),
            _ => Self::None,
        };
    }

    fn agreed(self) -> Option<T> {
        match self {
            Self::On(agreed) => Some(agreed),
            Self::Unheard | Self::None => None,
        }
    }
}

// By hand: a tracer need not be `Clone` or `Debug`.
impl<T> Clone for Spans<T> {
    fn clone(&self) -> Self {
        self.of_kind(self.kind.clone())
    }
}

impl<T> fmt::Debug for Spans<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spans").field("kind", &self.kind).finish_non_exhaustive()
    }
}
