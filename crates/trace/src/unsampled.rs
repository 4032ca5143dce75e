//! Exchanges that the head did not keep: their ids travel, and no attribute is built.

use http::request;
use opentelemetry::Context;
use opentelemetry::trace::{Link, SpanContext, TraceContextExt, Tracer};
use tower_telemetry_core::trace_ids::SpanId;
use tower_telemetry_core::{Exchange, TraceIds, TraceState};

use crate::arrival::Arrival;
use crate::decide::Origin;
use crate::decision::Made;
use crate::held::HeldSpans;
use crate::late::{Waiting, root_above};
use crate::layer::Trace;
use crate::observer::Fate;
use crate::probability::unclaimed;
use crate::propagation::{self, shown};

/// An exchange that the head did not keep, as it begins.
pub(crate) struct Unsampled {
    pub(crate) ids: TraceIds,
    /// What it was made under.
    pub(crate) context: Context,
    pub(crate) state: TraceState,
    pub(crate) parent: Option<(TraceIds, Origin)>,
    pub(crate) link: Option<SpanContext>,
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
        made: &Made,
        unsampled: Unsampled,
    ) -> (TraceIds, Context, Fate) {
        let Unsampled { ids, context, state, parent, link } = unsampled;
        let context = self::unsampled(&context, ids, &state);
        let root = root_above(exchange, ids.trace_id);
        let held = root.and_then(Waiting::held_by);
        let parent = parent.map(|(parent, origin)| (parent_of(exchange, parent, held), origin));
        let own = if root.is_none() { made.sink.hold() } else { None };
        let link = link.map(Link::with_context);
        let arrival = || Arrival::of(exchange, head, &self.style);
        let attached =
            exchange.attachment(|| Waiting::new(arrival(), self.naming.clone(), parent, link, state, own));
        if attached.is_none() {
            return (ids, context, Fate::Dropped);
        }
        let context = match Waiting::held_by(root.unwrap_or(exchange)) {
            Some(held) => held.within(context),
            None => context,
        };
        (ids, context, Fate::Waiting)
    }
}

/// The context in which nothing is recorded, and what is made within knows of these ids.
pub(crate) fn unsampled(context: &Context, ids: TraceIds, state: &TraceState) -> Context {
    context.with_remote_span_context(propagation::span_context(ids, Origin::Local, shown(state)))
}

/// The state that callees are told of a trace that was not sampled here.
pub(crate) fn without_claim(state: TraceState) -> TraceState {
    // Most traces begin here, and have none.
    if state.is_empty() { state } else { unclaimed(&state).unwrap_or(state) }
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
