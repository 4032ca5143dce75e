//! One recording that stands for its bucket.

use std::time::SystemTime;

use tower_telemetry_core::trace_ids::{SpanId, TraceId};

/// A recording of a sampled trace: the way from a bucket of a dashboard to one request that fell into it.
///
/// OpenMetrics 1.0 shows it on histogram buckets and on counters; the text format 0.0.4 has no place for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exemplar {
    /// The trace.
    pub trace_id: TraceId,
    /// The span that was recorded.
    pub span_id: SpanId,
    /// What was recorded, in the unit of the family: seconds for a duration, the amount added for a counter.
    pub value: f64,
    /// When it was recorded.
    pub time: SystemTime,
}
