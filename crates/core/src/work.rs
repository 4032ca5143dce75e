//! The card of work that is no exchange: a job taken from a broker, a nightly batch.

use crate::request_id::RequestId;
use crate::trace_ids::TraceIds;

/// What log lines and outgoing calls of some work tell, where the work belongs to no exchange of this process.
///
/// Work that is done for an exchange while it lasts has the exchange's own card. A job that comes out of
/// a broker, or that begins a trace of its own, has this one. It has no ending that this crate tells: its
/// span is its own matter.
///
/// ```
/// use tower_telemetry_core::{RequestId, Scope, TraceIds, Work, trace_ids::TraceFlags};
///
/// let work = Work::new()
///     .with_trace(TraceIds::random(TraceFlags::NONE))
///     .with_request_id(RequestId::new("order-17"));
/// let _attached = Scope::of_work(work).attach(); // until the end of the block
/// assert_eq!(Scope::current().request_id().map(RequestId::as_str), Some("order-17"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    trace: Option<TraceIds>,
    linked: Option<TraceIds>,
    request_id: Option<RequestId>,
}

impl Work {
    /// Work of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Belongs to this trace; the span is the work's own, or that of whoever asked for it.
    #[must_use]
    pub fn with_trace(mut self, ids: impl Into<Option<TraceIds>>) -> Self {
        self.trace = ids.into();
        self
    }

    /// Was asked for in this other trace.
    #[must_use]
    pub fn with_linked(mut self, ids: impl Into<Option<TraceIds>>) -> Self {
        self.linked = ids.into();
        self
    }

    /// Was asked for by the request of this id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Option<RequestId>>) -> Self {
        self.request_id = id.into();
        self
    }

    /// The trace that the work belongs to.
    #[must_use]
    pub const fn trace(&self) -> Option<TraceIds> {
        self.trace
    }

    /// The span, in a trace of its own, that asked for the work.
    #[must_use]
    pub const fn linked(&self) -> Option<&TraceIds> {
        self.linked.as_ref()
    }

    /// The id of the request that asked for the work.
    #[must_use]
    pub const fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }
}
