//! A span that is open while its work goes on.

use std::future::Future;

use opentelemetry::trace::{SpanRef, Status, TraceContextExt};
use opentelemetry::{KeyValue, Value};
use tower_telemetry_core::Ending;
use tower_telemetry_core::names::{attribute, error_type};

use super::continuation::{Continuation, ContinuationGuard};
use super::work_future::WorkFuture;

/// An open span of a piece of work, made by [`Spans`](super::Spans).
///
/// It ends once: with the future or the closure that it [runs](Self::run), or when it is dropped. How the
/// work ended stands on it as `tower_telemetry.ending`: `complete`, `dropped` or `panicked`. A panic is an error,
/// `error.type` is then `panic`; a cancelled future is none, as with exchanges. Whatever else went wrong is for
/// the work to [tell](Self::fail).
///
/// It is not current by itself: what it runs is within it.
#[derive(Debug)]
#[must_use = "the span ends when this is dropped"]
pub struct WorkSpan {
    /// `None` once it has ended.
    open: Option<Continuation>,
    active: Active,
    /// Where it was made while the thread unwound, a panic that it is dropped in is not its own.
    was_panicking: bool,
}

/// Whose the active span of the context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Active {
    /// The work's.
    Own,
    /// That of whoever asked for the work: the tracer makes no spans.
    Inherited,
}

impl WorkSpan {
    pub(crate) fn new(continuation: Continuation, active: Active) -> Self {
        Self { open: Some(continuation), active, was_panicking: std::thread::panicking() }
    }

    /// The future within the span, which ends with it and never later: finished, dropped or in a panic.
    pub fn run<F: Future>(self, future: F) -> WorkFuture<F> {
        WorkFuture::new(future, self)
    }

    /// Runs the closure within the span, which ends with it.
    pub fn run_blocking<R>(self, work: impl FnOnce() -> R) -> R {
        let attached = self.attach();
        let result = work();
        drop(attached);
        result
    }

    /// Goes on within the span on this thread, until the guard is dropped; not to be held over an `await`.
    pub fn attach(&self) -> ContinuationGuard {
        self.continuation().attach()
    }

    /// The span and its scope, for work that is handed on from here.
    pub fn continuation(&self) -> Continuation {
        self.open.clone().unwrap_or_default()
    }

    /// Writes an attribute on the span.
    pub fn set(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(span) = self.own() {
            span.set_attribute(KeyValue::new(key, value));
        }
    }

    /// The work failed. `error_type` is a closed value of the program, as `error.type` of the conventions wants it.
    ///
    /// From within the work, the current span is told by OpenTelemetry's own means.
    pub fn fail(&self, error_type: &'static str) {
        if let Some(span) = self.own() {
            span.set_attribute(KeyValue::new(attribute::ERROR_TYPE, error_type));
            span.set_status(Status::error(""));
        }
    }

    /// Ends the span, unless it has ended.
    pub(crate) fn end(&mut self, ending: Ending) {
        if ending == Ending::Panicked {
            self.fail(error_type::PANIC);
        }
        if let Some(span) = self.own() {
            span.set_attribute(KeyValue::new(attribute::SPAN_ENDING, ending.as_str()));
            span.end();
        }
        self.open = None;
    }

    fn own(&self) -> Option<SpanRef<'_>> {
        let open = self.open.as_ref().filter(|_| self.active == Active::Own)?;
        Some(open.context().span())
    }
}

impl Drop for WorkSpan {
    fn drop(&mut self) {
        let panicked = std::thread::panicking() && !self.was_panicking;
        self.end(if panicked { Ending::Panicked } else { Ending::Complete });
    }
}
