use std::fmt;

use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::{SpanId, TraceId};

/// What all sources call an exchange: its trace id and its span id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExchangeKey {
    trace_id: TraceId,
    span_id: SpanId,
}

impl ExchangeKey {
    /// The key of these ids; `None` if either is all zero.
    #[must_use]
    pub fn from_bytes(trace_id: [u8; 16], span_id: [u8; 8]) -> Option<Self> {
        Some(Self { trace_id: TraceId::from_bytes(trace_id)?, span_id: SpanId::from_bytes(span_id)? })
    }

    /// The key of these ids, in 32 and 16 lower-case hexadecimal digits; `None` if either is none.
    #[must_use]
    pub fn from_hex(trace_id: &str, span_id: &str) -> Option<Self> {
        Some(Self {
            trace_id: TraceId::from_hex(trace_id.as_bytes())?,
            span_id: SpanId::from_hex(span_id.as_bytes())?,
        })
    }
}

impl From<TraceIds> for ExchangeKey {
    fn from(ids: TraceIds) -> Self {
        Self { trace_id: ids.trace_id, span_id: ids.span_id }
    }
}

/// `4bf92f3577b34da6a3ce929d0e0e4736/00f067aa0ba902b7`
impl fmt::Display for ExchangeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.trace_id.to_hex().as_str(), self.span_id.to_hex().as_str())
    }
}
