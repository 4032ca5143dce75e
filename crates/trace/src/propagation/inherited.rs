//! What the spans of an exchange continue.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState as SpanTraceState};
use tower_telemetry_core::{TraceIds, TraceState};

use crate::decide::Origin;
use crate::propagation::carried::Carried;
use crate::propagation::span_context;

/// What a span is made under: a parent or none, a link or none, and what the caller says of sampling.
#[derive(Debug)]
pub(crate) struct Inherited {
    /// The context whose active span, if it has one, is the parent.
    pub(crate) context: Context,
    /// The caller's span, where it is no parent.
    pub(crate) link: Option<SpanContext>,
    /// What the caller says of sampling beyond the flag of the parent.
    pub(crate) wish: Wish,
}

/// What a caller says of sampling, beyond the sampled flag of its ids.
///
/// W3C and Jaeger always tell a flag; B3 may leave it open, ask for the whole trace, or say no without any ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Wish {
    /// Nothing beyond the flag, or there is no caller.
    #[default]
    Flag,
    /// The decision is left to this service, as if the trace began here.
    Open,
    /// No span is to be recorded; told without ids, so a new trace begins.
    No,
    /// Every span of the trace is to be recorded.
    Debug,
}

impl Inherited {
    /// The context of this process, told by nobody else.
    pub(crate) fn local(context: Context) -> Self {
        Self { context, link: None, wish: Wish::Flag }
    }
}

/// The span of a caller, as its headers tell it.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    pub(crate) ids: TraceIds,
    pub(crate) state: TraceState,
}

impl Remote {
    pub(crate) fn span_context(&self) -> SpanContext {
        // The text of the caller's state travels beside it: OpenTelemetry's own type refuses some keys.
        let state = SpanTraceState::from_key_value(self.state.iter()).unwrap_or_default();
        span_context(self.ids, Origin::Remote, state)
    }

    /// The context whose active span is the caller's.
    pub(crate) fn attach_to(&self, context: &Context) -> Context {
        let context = context.with_remote_span_context(self.span_context());
        if self.state.is_empty() { context } else { context.with_value(Carried(self.state.clone())) }
    }
}
