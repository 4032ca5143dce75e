//! A question to a sampler, in the words of the wire.

use std::sync::Arc;

use http::{Request, StatusCode, request};
use tower_telemetry_core::trace_ids::{SpanId, TraceFlags, TraceId};
use tower_telemetry_core::{Exchange, Side, TraceIds, TraceState};
use tower_telemetry_trace::sampling::{Rules, Sampler, SamplerBuilder};
use tower_telemetry_trace::{Decide, Decision, Origin, Parent, Question, Reason};

use crate::probe;

/// A randomness of 0x00.., which only a probability of 1 keeps.
pub(crate) const LOW: &str = "00000000000000000000000000000001";
/// A randomness of 0xff.., which every probability keeps.
pub(crate) const HIGH: &str = "000000000000000000ffffffffffffff";
/// A randomness of 0xd0..: kept at 25 %, dropped at 10 %.
pub(crate) const MIDDLE: &str = "000000000000000000d0000000000000";

/// What a sampler is asked; of a root without a state, unless more is said.
pub(crate) struct Asked {
    pub(crate) seen: (Arc<Exchange>, request::Parts),
    pub(crate) trace: &'static str,
    pub(crate) parent: Option<(Origin, TraceFlags)>,
    pub(crate) state: TraceState,
}

impl Asked {
    pub(crate) fn of(side: Side, request: Request<()>) -> Self {
        Self {
            seen: probe::exchange(side, request, StatusCode::OK),
            trace: LOW,
            parent: None,
            state: TraceState::default(),
        }
    }

    pub(crate) fn path(path: &str) -> Self {
        Self::of(Side::Server, Request::get(path).body(()).unwrap())
    }

    pub(crate) fn root(trace: &'static str) -> Self {
        Self::path("/carts").trace(trace)
    }

    pub(crate) fn trace(self, trace: &'static str) -> Self {
        Self { trace, ..self }
    }

    pub(crate) fn parent(self, origin: Origin, flags: TraceFlags) -> Self {
        Self { parent: Some((origin, flags)), ..self }
    }

    pub(crate) fn state(self, state: &str) -> Self {
        Self { state: TraceState::parse(state.as_bytes()).unwrap(), ..self }
    }

    pub(crate) fn decision(&self, sampler: &Sampler) -> Decision {
        let trace_id = TraceId::from_hex(self.trace.as_bytes()).unwrap();
        let ids = |flags| TraceIds { trace_id, span_id: SpanId::random(), flags };
        sampler.at_head(&Question {
            exchange: &self.seen.0,
            head: &self.seen.1,
            trace_id,
            is_random: true,
            parent: self.parent.map(|(origin, flags)| Parent { ids: ids(flags), state: &self.state, origin }),
        })
    }
}

pub(crate) fn record(reason: Reason, ot: Option<&str>) -> Decision {
    Decision::Record { reason, ot: ot.map(str::to_owned) }
}

pub(crate) fn kept(ot: Option<&str>) -> Decision {
    record(Reason::Head, ot)
}

/// Without bounds, rules or a tail.
pub(crate) fn plain() -> SamplerBuilder {
    Sampler::builder().rules(Rules::new()).budget(f64::INFINITY)
}

pub(crate) const NO: TraceFlags = TraceFlags::NONE;
pub(crate) const YES: TraceFlags = TraceFlags::SAMPLED;
