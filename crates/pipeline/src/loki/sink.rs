//! From a line to the queue, on the thread that logs.

use std::cell::Cell;
use std::sync::Arc;

use opentelemetry::Context;
use tower_telemetry_core::names::loki as name;
use tower_telemetry_log::{LineSink, ToldLine};

use super::level::weight;
use super::queue::Queue;
use super::wire;

/// A buffer that has grown beyond this is not kept.
const KEPT: usize = 128 * 1024;

thread_local! {
    /// Taken out while it is used, never borrowed: a thread has one line in the making, or makes another buffer.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Encodes lines for the queue.
#[derive(Debug)]
pub(crate) struct Sink(pub(crate) Arc<Queue>);

impl LineSink for Sink {
    fn tell(&self, line: &ToldLine<'_>) {
        // What an export logs would be exported, and log again.
        if Context::is_current_telemetry_suppressed() {
            return;
        }
        let mut buffer = BUFFER.try_with(Cell::take).unwrap_or_default();
        buffer.clear();
        encode(line, &mut buffer);
        self.0.push(weight(line.level), line.at, &buffer);
        if buffer.capacity() <= KEPT {
            let _ = BUFFER.try_with(|kept| kept.set(buffer));
        }
    }
}

/// The entry's fields behind its timestamp, but for the metadata that all lines share.
fn encode(line: &ToldLine<'_>, out: &mut Vec<u8>) {
    let [head, tail] = line.json;
    wire::head(out, wire::LINE, head.len() + tail.len());
    out.extend_from_slice(head);
    out.extend_from_slice(tail);
    if let Some(ids) = line.ids {
        // The header form, `00-{trace_id}-{span_id}-{flags}`, holds both as digits.
        let digits = ids.traceparent();
        wire::metadata(out, name::TRACE_ID, digits.get(3..35).unwrap_or_default());
        wire::metadata(out, name::SPAN_ID, digits.get(36..52).unwrap_or_default());
    }
    if let Some(id) = line.request_id {
        wire::metadata(out, name::REQUEST_ID, id.as_str().as_bytes());
    }
    if let Some(ids) = line.linked {
        wire::metadata(out, name::LINKED_TRACE_ID, ids.traceparent().get(3..35).unwrap_or_default());
    }
    if let Some(route) = line.route {
        wire::metadata(out, name::ROUTE, route.as_bytes());
    }
}
