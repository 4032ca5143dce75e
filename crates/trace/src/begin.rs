//! The beginning of an exchange: its ids, and whether there is a span.

use http::request;
use opentelemetry::Context;
use opentelemetry::trace::{Span, SpanContext, TraceContextExt, TraceState as SpanTraceState, Tracer};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags};
use tower_telemetry_core::{Exchange, TraceIds, TraceState, Trust};

use crate::decide::{Decision, Origin, Parent, Question};
use crate::decided::bare;
use crate::decision::Made;
use crate::hints::Hints;
use crate::layer::{Caller, Trace};
use crate::observer::TraceObserver;
use crate::propagation::{self, Inherited, Wish};
use crate::recording::Recording;
use crate::unsampled::{Begun, unsampled, without_span};

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
        let caller = self.caller(exchange, head, trust);
        match &self.decisions.made {
            Some(made) if caller == Caller::Silent && !current.has_active_span() => {
                self.root(exchange, head, current, made)
            }
            _ => self.under(exchange, head, (trust, caller), current),
        }
    }

    /// What is told of a caller is large, and is moved about apart from the many that nobody told anything of.
    #[inline(never)]
    fn under(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        (trust, caller): (Trust, Caller),
        current: Context,
    ) -> TraceObserver {
        let inherited = match caller {
            Caller::Silent => Inherited::local(current),
            Caller::Telling => self.inherit(exchange, head, trust, current),
        };
        let hints = match trust {
            Trust::Parent => self.decisions.hints,
            Trust::Link | Trust::Never => Hints::Untold,
        };
        match &self.decisions.made {
            _ if inherited.wish == Wish::No => {
                let new = inherited.new_ids();
                let (ids, context) = without_span(&inherited.into_context(), new);
                exchange.set_trace(ids);
                TraceObserver::new(context, self.dropped(exchange))
            }
            None => self.sampled_by_provider(exchange, head, inherited, hints),
            Some(made) => self.sampled_by_decision(exchange, head, inherited, hints, made),
        }
    }

    /// A trace that nobody told anything of begins here: most do, and few are kept.
    ///
    /// What a caller may tell is large, and is neither asked for nor moved about.
    fn root(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        context: Context,
        made: &Made,
    ) -> TraceObserver {
        let ids = TraceIds::random(TraceFlags::RANDOM);
        let question = Question { exchange, head, trace_id: ids.trace_id, is_random: true, parent: None };
        match made.decide.at_head(&question) {
            Decision::Drop => {
                exchange.set_trace(ids);
                let context = unsampled(&context, ids, SpanTraceState::NONE);
                TraceObserver::new(context, self.dropped(exchange))
            }
            decision => {
                let inherited = Inherited::local(context);
                let begun = Begun { ids, inherited, state: TraceState::default(), parent: None };
                self.decided(exchange, head, begun, self.decisions.hints, (made, decision))
            }
        }
    }

    /// The provider's own sampler is asked, with a bare builder.
    fn sampled_by_provider(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        mut inherited: Inherited,
        hints: Hints,
    ) -> TraceObserver {
        let (link, new) = (inherited.link.take(), inherited.new_ids());
        let context = inherited.into_context();
        let (started, builder) = bare(exchange, link);
        let mut span = self.tracer.build_with_context(builder, &context);
        let recording = span.is_recording().then(|| {
            let (attributes, written) = self.attributes(exchange, head);
            span.set_attributes(attributes);
            Recording::new(started, exchange, head, self, (hints, written))
        });
        self.adopt(exchange, (&context, new), span, recording)
    }

    fn sampled_by_decision(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        inherited: Inherited,
        hints: Hints,
        made: &Made,
    ) -> TraceObserver {
        let continued = inherited.with_parent(|span, parent| {
            let ids = TraceIds { span_id: SpanId::random(), flags: random_flag(exchange, span), ..parent };
            let origin = if span.is_remote() { Origin::Remote } else { Origin::Local };
            (ids, propagation::state_under(&inherited.context, span), (parent, origin))
        });
        let (ids, state, parent) = match continued {
            Some((ids, state, parent)) => (ids, state, Some(parent)),
            None => (inherited.new_ids(), TraceState::default(), None),
        };
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
        self.decided(exchange, head, Begun { ids, inherited, state, parent }, hints, (made, decision))
    }
}

/// A new trace has random ids, all of them; a caller's trace keeps what its caller said.
pub(crate) fn random_flag(exchange: &Exchange, parent: &SpanContext) -> TraceFlags {
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
