//! The span of one exchange, while it runs.

use http::{HeaderMap, response};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard};
use tower_telemetry_core::{Exchange, Observer, Outcome};

use crate::recording::{Goes, Recording};

/// Holds the context of one exchange, and writes its span when it is over.
#[derive(Debug)]
pub struct TraceObserver {
    context: Context,
    recording: Option<Recording>,
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

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        if let Some(recording) = &self.recording
            && recording.respond(&self.context.span(), exchange, head) == Goes::NoFurther
        {
            self.recording = None;
        }
    }

    fn frame(&mut self, exchange: &Exchange, bytes: usize) {
        if let Some(recording) = &mut self.recording {
            recording.frame(&self.context.span(), exchange, bytes);
        }
    }

    fn trailers(&mut self, exchange: &Exchange, trailers: &mut HeaderMap) {
        if let Some(recording) = &self.recording {
            recording.trail(exchange, trailers);
        }
    }

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        if let Some(recording) = self.recording {
            recording.finish(&self.context.span(), exchange, outcome);
        }
    }
}
