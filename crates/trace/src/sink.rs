//! Where spans go that were not known to be wanted when their exchange began.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Link, SpanKind, Status};
use tower_telemetry_core::{TraceIds, TraceState, trace_ids::SpanId};

use crate::held::HeldSpans;

/// Takes spans that are written whole, at their end: those that a tail decision kept.
///
/// A pipeline hands them to the same exporter as the others. Called from the end of an exchange, which
/// may be in a drop: it must neither wait nor panic.
pub trait SpanSink: Send + Sync + 'static {
    /// Takes one span.
    fn write(&self, span: FinishedSpan);

    /// Holds the spans that a program makes within an exchange that waits; without it there are none.
    fn hold(&self) -> Option<Box<dyn HeldSpans>> {
        None
    }
}

/// A span that is over.
#[derive(Debug, Clone)]
pub struct FinishedSpan {
    /// Trace, span and flags; the sampled flag is set.
    pub ids: TraceIds,
    /// The span that it is a child of.
    pub parent: Option<SpanId>,
    /// Whether the parent is a caller's, in another process.
    pub parent_is_remote: bool,
    /// The `tracestate`; no probability is claimed in it.
    pub state: TraceState,
    /// SERVER or CLIENT.
    pub kind: SpanKind,
    /// The name, of closed values alone.
    pub name: Cow<'static, str>,
    /// When the exchange arrived.
    pub started: SystemTime,
    /// When it ended.
    pub ended: SystemTime,
    /// The attributes, by the semantic conventions.
    pub attributes: Vec<KeyValue>,
    /// Links to other traces.
    pub links: Vec<Link>,
    /// Unset or an error.
    pub status: Status,
}
