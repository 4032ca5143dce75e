//! Exchanges that the head did not keep: their ids travel, and no attribute is built.

use std::sync::Arc;

use http::request;
use opentelemetry::Context;
use opentelemetry::trace::{Link, TraceContextExt, TraceState as SpanTraceState, Tracer};
use tower_telemetry_core::trace_ids::SpanId;
use tower_telemetry_core::{Exchange, TraceIds, TraceState};

use crate::arrival::Arrival;
use crate::decide::Origin;
use crate::decision::Made;
use crate::held::HeldSpans;
use crate::hints::Hints;
use crate::late::{Waiting, root_above};
use crate::layer::Trace;
use crate::observer::{Fate, TraceObserver};
use crate::probability::unclaimed;
use crate::propagation::{self, Inherited, shown};

/// An exchange that was decided about, as it begins.
pub(crate) struct Begun {
    pub(crate) ids: TraceIds,
    /// What it was made under.
    pub(crate) inherited: Inherited,
    pub(crate) state: TraceState,
    pub(crate) parent: Option<(TraceIds, Origin)>,
}

impl Begun {
    /// The context of one that the head did not keep; its state then claims no probability.
    pub(crate) fn unsampled(&mut self) -> Context {
        // Most traces begin here, and have none.
        if !self.state.is_empty()
            && let Some(state) = unclaimed(&self.state)
        {
            self.state = state;
        }
        unsampled(&self.inherited.context, self.ids, shown(&self.state))
    }
}

impl<T> Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    /// Notes what a span would be made of, for the end to decide.
    pub(crate) fn waiting(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        mut begun: Begun,
        hints: Hints,
        made: &Made,
    ) -> TraceObserver {
        let context = begun.unsampled();
        let Begun { ids, inherited, state, parent } = begun;
        let root = root_above(exchange, ids.trace_id);
        let held = root.and_then(Waiting::held_by);
        let parent = parent.map(|(parent, origin)| (parent_of(exchange, parent, held), origin));
        let own = if root.is_none() { made.sink.hold() } else { None };
        let link = inherited.link.map(Link::with_context);
        let arrival = || Arrival::of(exchange, head, &self.style);
        let attached = exchange
            .attachment(|| Waiting::new(arrival(), self.naming.clone(), hints, parent, link, state, own));
        exchange.set_trace(ids);
        if attached.is_none() {
            return TraceObserver::new(context, self.dropped(exchange));
        }
        let context = match Waiting::held_by(root.unwrap_or(exchange)) {
            Some(held) => held.within(context),
            None => context,
        };
        TraceObserver::new(context, Fate::Waiting(Arc::clone(&self.decisions)))
    }
}

/// The context in which nothing is recorded, and what is made within knows of these ids.
pub(crate) fn unsampled(context: &Context, ids: TraceIds, state: SpanTraceState) -> Context {
    context.with_remote_span_context(propagation::span_context(ids, Origin::Local, state))
}

/// Ids for an exchange that has no span, so that its log lines and its callees still have some; `new` where it has no
/// parent.
pub(crate) fn without_span(parent: &Context, new: TraceIds) -> (TraceIds, Context) {
    let inherited = parent.span().span_context().clone();
    let ids = match propagation::ids_of(&inherited) {
        Some(ids) => TraceIds { span_id: SpanId::random(), ..ids },
        None => new,
    };
    let state = inherited.trace_state().clone();
    (ids, parent.with_remote_span_context(propagation::span_context(ids, Origin::Local, state)))
}

/// The span that a late span is a child of.
///
/// Spans in between, of the program itself, are recorded only where they are held.
fn parent_of(exchange: &Exchange, parent: TraceIds, held: Option<&dyn HeldSpans>) -> SpanId {
    if let Some(parent) = held.and_then(|held| held.parent(parent.span_id)) {
        return parent;
    }
    let caller = exchange.caller().and_then(|caller| caller.trace());
    caller.filter(|caller| caller.trace_id == parent.trace_id).map_or(parent.span_id, |caller| caller.span_id)
}
