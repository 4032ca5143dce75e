//! The span of one exchange, while it runs.

use std::time::SystemTime;

use opentelemetry::trace::{Status, TraceContextExt};
use opentelemetry::{Context, ContextGuard};
use tower_telemetry_core::{Exchange, Observer, Outcome};

use crate::attributes;
use crate::naming::SpanNaming;

/// Holds the context of one exchange, and writes its span when it is over.
#[derive(Debug)]
pub struct TraceObserver {
    context: Context,
    recording: Option<Recording>,
}

/// What a recorded span needs at its end.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) started: SystemTime,
    pub(crate) naming: SpanNaming,
    /// The path of a gRPC call, for a method that turns out to be unknown.
    pub(crate) path: String,
}

impl TraceObserver {
    pub(crate) const fn new(context: Context, recording: Option<Recording>) -> Self {
        Self { context, recording }
    }

    pub(crate) const fn context(&self) -> &Context {
        &self.context
    }
}

impl Observer for TraceObserver {
    type Guard = ContextGuard;

    fn enter(&self) -> ContextGuard {
        self.context.clone().attach()
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        let Some(Recording { started, naming, path }) = self.recording else { return };
        let span = self.context.span();
        // The route may have been learnt since the start.
        span.update_name(naming.name(exchange));
        span.set_attributes(attributes::of_outcome(exchange, outcome, &path));
        if outcome.error_type.is_some() {
            // No description: `error.type` and the status say it. Ok is never set, for it is final.
            span.set_status(Status::error(""));
        }
        // The span takes as long as the metric and the log line say.
        span.end_with_timestamp(started + outcome.total);
    }
}
