//! The beginning of an exchange: its ids, and whether there is a span.

use std::time::SystemTime;

use http::request;
use opentelemetry::Context;
use opentelemetry::trace::{Link, Span, SpanBuilder, SpanContext, TraceContextExt, Tracer};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags};
use tower_telemetry_core::{Exchange, TraceIds, TraceState, Trust};

use crate::arrival::Arrival;
use crate::attributes;
use crate::decide::{Decision, Origin, Parent, Question};
use crate::decision::Made;
use crate::handover;
use crate::hints::Hints;
use crate::late;
use crate::layer::Trace;
use crate::naming::SpanNaming;
use crate::observer::{Fate, TraceObserver};
use crate::probability::claimed;
use crate::propagation::{self, Inherited, Wish, shown};
use crate::recording::Recording;
use crate::unsampled::{Unsampled, unsampled, without_claim, without_span};

impl<T> Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    pub(crate) fn begin(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        current: Context,
    ) -> TraceObserver {
        let trust = self.trust.of(head);
        let inherited = self.inherit(exchange, head, trust, current);
        let (ids, context, fate) = match &self.decisions.made {
            _ if inherited.wish == Wish::No => {
                let new = inherited.new_ids();
                let (ids, context) = without_span(&inherited.into_context(), new);
                (ids, context, Fate::Dropped)
            }
            None => self.sampled_by_provider(exchange, head, inherited),
            Some(made) => self.sampled_by_decision(exchange, head, inherited, made),
        };
        exchange.set_trace(ids);
        let hints = match trust {
            Trust::Parent => self.decisions.hints,
            Trust::Link | Trust::Never => Hints::Untold,
        };
        TraceObserver::new(context, fate, &self.decisions).with_hints(hints)
    }

    /// The provider's own sampler is asked, with a bare builder.
    fn sampled_by_provider(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        mut inherited: Inherited,
    ) -> (TraceIds, Context, Fate) {
        let (link, new) = (inherited.link.take(), inherited.new_ids());
        let context = inherited.into_context();
        let (started, builder) = bare(exchange, link);
        let span = self.tracer.build_with_context(builder, &context);
        self.adopt(exchange, head, (&context, new), (started, span), None)
    }

    fn sampled_by_decision(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        mut inherited: Inherited,
        made: &Made,
    ) -> (TraceIds, Context, Fate) {
        let (parent, link) = (inherited.parent(), inherited.link.take());
        let (state, ids) = match &parent {
            Some((span, ids)) => (
                propagation::state_under(&inherited.context, span),
                TraceIds { span_id: SpanId::random(), flags: random_flag(exchange, span), ..*ids },
            ),
            None => (TraceState::default(), inherited.new_ids()),
        };
        let parent =
            parent.map(|(span, ids)| (ids, if span.is_remote() { Origin::Remote } else { Origin::Local }));
        let decision = made.decide.at_head(&Question {
            exchange,
            head,
            trace_id: ids.trace_id,
            is_random: ids.flags.is_random(),
            parent: parent.filter(|_| inherited.wish != Wish::Open).map(|(ids, origin)| Parent {
                ids,
                state: &state,
                origin,
            }),
        });
        if let Decision::Record { reason, ot } = decision {
            let state = match ot {
                Some(ot) => claimed(&state, &ot),
                None => state,
            };
            let context = inherited.into_context();
            let (started, builder) = bare(exchange, link);
            // What is recorded for certain has its attributes from the start, in one list that grows no more.
            let arrival = Arrival::of(exchange, head, &self.style);
            let mut attributes = attributes::of_arrival(exchange, &arrival);
            attributes.push(reason.attribute());
            let builder = builder.with_attributes(attributes);
            let sampled = TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..ids };
            let span = handover::within(sampled, shown(&state), || {
                self.tracer.build_with_context(builder, &context)
            });
            return self.adopt(exchange, head, (&context, ids), (started, span), Some(arrival));
        }
        let (context, state) = (inherited.context, without_claim(state));
        if decision == Decision::Wait {
            return self.waiting(exchange, head, made, Unsampled { ids, context, state, parent, link });
        }
        // That nothing is kept is told by the flag.
        (ids, unsampled(&context, ids, &state), Fate::Dropped)
    }

    /// Takes the span that a tracer made, if it made one, and the ids that it gave it; with the arrival that it was
    /// told of, if it was.
    fn adopt(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        (parent, new): (&Context, TraceIds),
        (started, mut span): (SystemTime, T::Span),
        told: Option<Arrival>,
    ) -> (TraceIds, Context, Fate) {
        let arrival = span.is_recording().then(|| {
            told.unwrap_or_else(|| {
                let arrival = Arrival::of(exchange, head, &self.style);
                span.set_attributes(attributes::of_arrival(exchange, &arrival));
                arrival
            })
        });
        let inherited = parent.span().span_context().clone();
        let own = propagation::ids_of(span.span_context())
            // A tracer that makes no spans hands the parent's on as if it were its own.
            .filter(|own| propagation::ids_of(&inherited).is_none_or(|parent| parent.span_id != own.span_id));
        let (ids, context) = match own {
            Some(own) => {
                let is_new = own.trace_id == new.trace_id;
                let random = if is_new { new.flags } else { random_flag(exchange, &inherited) };
                let ids = TraceIds { flags: own.flags.with(random), ..own };
                (ids, parent.with_span(span))
            }
            None => without_span(parent, new),
        };
        let recording =
            arrival.map(|arrival| Box::new(Recording::new(started, self.naming.clone(), arrival)));
        (ids, context, recording.map_or(Fate::Dropped, Fate::Recording))
    }
}

/// A builder without an attribute, so that a sampler's no costs none.
fn bare(exchange: &Exchange, link: Option<SpanContext>) -> (SystemTime, SpanBuilder) {
    #[allow(clippy::disallowed_methods, reason = "a span's start is a time of day")]
    let started = SystemTime::now();
    let mut builder = SpanBuilder::from_name(SpanNaming::provisional(exchange))
        .with_kind(late::kind(exchange.side))
        .with_start_time(started);
    if let Some(link) = link {
        builder = builder.with_links(vec![Link::with_context(link)]);
    }
    (started, builder)
}

/// A new trace has random ids, all of them; a caller's trace keeps what its caller said.
fn random_flag(exchange: &Exchange, parent: &SpanContext) -> TraceFlags {
    let Some(parent) = propagation::ids_of(parent) else { return TraceFlags::RANDOM };
    // The SDK's spans forget the flag; the exchange or the work that a call is made in has kept it.
    let caller = exchange.caller().and_then(|caller| caller.trace());
    let asked = || exchange.work().and_then(|work| work.trace());
    let kept = caller.or_else(asked).filter(|caller| caller.trace_id == parent.trace_id);
    if parent.flags.is_random() || kept.is_some_and(|kept| kept.flags.is_random()) {
        TraceFlags::RANDOM
    } else {
        TraceFlags::NONE
    }
}
