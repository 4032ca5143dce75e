//! The log window: JSON lines that carry trace_id, span_id and request_id, at no allocation.
