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
    #[inline]
    pub(crate) fn write(&mut self, context: &Context, line: &mut Vec<u8>) {
        let is_same = self.ids.as_ref() == context.ids()
            && self.request_id.as_ref() == context.request_id()
            && self.linked.as_ref() == context.linked();
        if !is_same {
            self.renew(context);
        }
        self.start = line.len();
        line.extend_from_slice(&self.text);
    }

    /// Where they stand on the line that was written last.
    pub(crate) fn place(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    #[cold]
    fn renew(&mut self, context: &Context) {
        let Self { ids, request_id, linked, text, start: _ } = self;
        *ids = context.ids().copied();
        *request_id = context.request_id().cloned();
        *linked = context.linked().copied();
        text.clear();
        context.write_ids(text);
    }
}

/// Appends `trace_id`, `span_id` (lower-case hex) and `request_id`, those that are known, each as `,"key":value`.
pub(crate) fn write(ids: Option<&TraceIds>, request_id: Option<&RequestId>, line: &mut Vec<u8>) {
    if let Some(ids) = ids {
        // Piece by piece: a copy of bytes that were just written in other pieces waits for each of them.
        line.extend_from_slice(b",\"trace_id\":\"");
        line.extend_from_slice(ids.trace_id.to_hex().as_bytes());
        line.extend_from_slice(b"\",\"span_id\":\"");
        line.extend_from_slice(ids.span_id.to_hex().as_bytes());
        line.push(b'"');
    }
    if let Some(id) = request_id {
        // Letters, digits and `._-` alone: nothing in it needs an escape.
        line.extend_from_slice(b",\"request_id\":\"");
        line.extend_from_slice(id.as_bytes());
        line.push(b'"');
    }
}
