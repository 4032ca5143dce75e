//! The ids of the line before as text, since most lines have the same ones.

use std::ops::Range;

use tower_telemetry_core::{RequestId, TraceIds};

use crate::context::Context;

/// What an exchange tells at the end of the fixed part of a line.
#[derive(Debug, Default)]
pub(crate) struct IdsText {
    ids: Option<TraceIds>,
    request_id: Option<RequestId>,
    linked: Option<TraceIds>,
    text: Vec<u8>,
    /// Where they stand on the line that was written last.
    start: usize,
}

impl IdsText {
    /// Appends `trace_id`, `span_id` (lower-case hex), `request_id` and `linked_trace_id`, those that are known.
    pub(crate) fn write(&mut self, context: &Context, line: &mut Vec<u8>) {
        let now = (context.ids(), context.request_id(), context.linked());
        if now != (self.ids.as_ref(), self.request_id.as_ref(), self.linked.as_ref()) {
            let (ids, request_id, linked) = now;
            (self.ids, self.request_id, self.linked) = (ids.copied(), request_id.cloned(), linked.copied());
            self.text.clear();
            context.write_ids(&mut self.text);
        }
        self.start = line.len();
        line.extend_from_slice(&self.text);
    }

    /// Where they stand on the line that was written last.
    pub(crate) fn place(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}
