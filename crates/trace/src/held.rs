//! Spans that a program makes within an exchange that waits.

use std::fmt;

use opentelemetry::Context;
use tower_telemetry_core::trace_ids::SpanId;

use crate::decide::Reason;

/// Holds the spans that a program makes within one exchange, and the calls of it, until it is known whether they are
/// wanted.
///
/// Made by [`SpanSink::hold`](crate::SpanSink::hold) for each exchange whose own end decides. Called at the beginnings and
/// the ends of exchanges, which may be in a drop: it must neither wait nor panic. What is dropped unsettled drops what it
/// holds.
pub trait HeldSpans: fmt::Debug + Send + Sync + 'static {
    /// This context, with the spans that are made in it held. Its active span is that of the exchange, or of a call.
    fn within(&self, context: Context) -> Context;

    /// How many spans will be written if the exchange is kept.
    fn count(&self) -> usize;

    /// The span under which a child of this one is to be written: itself, or the nearest above it that is not lost;
    /// `None` if it is none of those that are held.
    fn parent(&self, span: SpanId) -> Option<SpanId>;

    /// Writes what is held, if there is a reason to keep it, or drops it. What ends later shares this fate.
    fn settle(&self, reason: Option<Reason>);
}
