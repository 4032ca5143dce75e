//! What a decision about an exchange leads to: a span, a card that waits, or ids alone.

use std::sync::Arc;
use std::time::SystemTime;

use http::request;
use opentelemetry::trace::{Link, Span, SpanBuilder, SpanContext, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Exchange, TraceIds};

use crate::arrival::Sight;
use crate::attributes::{self, Written};
use crate::begin::random_flag;
use crate::capture::Captured;
use crate::decide::Decision;
use crate::decision::Made;
use crate::handover;
use crate::hints::Hints;
use crate::late;
use crate::layer::Trace;
use crate::naming::SpanNaming;
use crate::observer::{Fate, TraceObserver};
use crate::probability::claimed;
use crate::propagation::{self, shown};
use crate::recording::Recording;
use crate::unsampled::{Begun, without_span};

impl<T> Trace<T>
where
    T: Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    /// Does as was decided. Apart from the answer that most questions come to.
    #[inline(never)]
    pub(crate) fn decided(
        &self,
        exchange: &Exchange,
        head: &request::Parts,
        mut begun: Begun,
        hints: Hints,
        (made, decision): (&Made, Decision),
    ) -> TraceObserver {
        match decision {
            Decision::Record { reason, ot } => {
                let Begun { ids, mut inherited, state, parent: _ } = begun;
                let state = match ot {
                    Some(ot) if state.is_empty() => made.last_claim.of(ot),
                    Some(ot) => shown(&claimed(&state, &ot)),
                    None => shown(&state),
                };
                let link = inherited.link.take();
                let context = inherited.into_context();
                let (started, builder) = bare(exchange, link);
                // What is recorded for certain has its attributes from the start, in one list that grows no more.
                let (mut attributes, written) = self.attributes(exchange, head);
                attributes.push(reason.attribute());
                let builder = builder.with_attributes(attributes);
                let sampled = TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..ids };
                let span =
                    handover::within(sampled, state, || self.tracer.build_with_context(builder, &context));
                let recording = span
                    .is_recording()
                    .then(|| Recording::new(started, exchange, head, self, (hints, written)));
                self.adopt(exchange, (&context, ids), span, recording)
            }
            Decision::Wait => self.waiting(exchange, head, begun, hints, made),
            Decision::Drop => {
                // That nothing is kept is told by the flag.
                let context = begun.unsampled();
                exchange.set_trace(begun.ids);
                TraceObserver::new(context, self.dropped(exchange))
            }
        }
    }

    /// Takes the span that a tracer made, if it made one, and the ids that it gave it.
    pub(crate) fn adopt(
        &self,
        exchange: &Exchange,
        (parent, new): (&Context, TraceIds),
        span: T::Span,
        recording: Option<Box<Recording>>,
    ) -> TraceObserver {
        let active = parent.span();
        let inherited = active.span_context();
        let own = propagation::ids_of(span.span_context())
            // A tracer that makes no spans hands the parent's on as if it were its own.
            .filter(|own| propagation::ids_of(inherited).is_none_or(|parent| parent.span_id != own.span_id));
        let (ids, context) = match own {
            Some(own) => {
                let is_new = own.trace_id == new.trace_id;
                let random = if is_new { new.flags } else { random_flag(exchange, inherited) };
                let ids = TraceIds { flags: own.flags.with(random), ..own };
                (ids, parent.with_span(span))
            }
            None => without_span(parent, new),
        };
        exchange.set_trace(ids);
        TraceObserver::new(context, recording.map_or_else(|| self.dropped(exchange), Fate::Recording))
    }

    /// The attributes that a recorded span has from its start, and which those of its end are among them.
    pub(crate) fn attributes(&self, exchange: &Exchange, head: &request::Parts) -> (Vec<KeyValue>, Written) {
        let sight = Sight::of(exchange.side, exchange.protocol, head, &self.style);
        let captured = Captured::of_request(exchange.protocol, self.style.capture(), &head.headers);
        let mut attributes = attributes::of_arrival(exchange, &sight, &captured);
        let written = attributes::early(exchange, &mut attributes);
        (attributes, written)
    }

    /// What becomes of an exchange that has no span: its end is told where somebody learns from it.
    pub(crate) fn dropped(&self, exchange: &Exchange) -> Fate {
        match &self.decisions.made {
            Some(made) if made.learns_from(exchange) => Fate::Dropped(Arc::clone(&self.decisions)),
            _ => Fate::Untold,
        }
    }
}

/// A builder without an attribute, so that a sampler's no costs none.
pub(crate) fn bare(exchange: &Exchange, link: Option<SpanContext>) -> (SystemTime, SpanBuilder) {
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
