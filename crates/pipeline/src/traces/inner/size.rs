//! How much memory a finished span takes, about.

use std::mem::size_of;

use opentelemetry::trace::{Event, Link, Status};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::SpanData;

/// A span that has begun: its data, and its place among those that are open.
pub(super) const BEGUN: usize = size_of::<SpanData>() + 64;
/// A span that is lost: what is known of its parent.
pub(super) const LOST: usize = 64;

/// What a finished span has on the heap.
pub(super) fn beyond(span: &SpanData) -> usize {
    let status = match &span.status {
        Status::Error { description } => description.len(),
        Status::Unset | Status::Ok => 0,
    };
    let events = span.events.events.iter().map(|event| event.name.len() + attributes(&event.attributes));
    let links = span.links.links.iter().map(|link| attributes(&link.attributes));
    span.name.len()
        + status
        + attributes(&span.attributes)
        + span.events.events.capacity() * size_of::<Event>()
        + events.sum::<usize>()
        + span.links.links.capacity() * size_of::<Link>()
        + links.sum::<usize>()
        + span.span_context.trace_state().header().len()
        + scope(&span.instrumentation_scope)
}

fn scope(scope: &InstrumentationScope) -> usize {
    // Its texts are borrowed, most often, which cannot be seen from here.
    let texts = [Some(scope.name()), scope.version(), scope.schema_url()];
    texts.into_iter().flatten().map(str::len).sum::<usize>()
        + scope.attributes().map(attribute).sum::<usize>()
}

fn attributes(all: &Vec<KeyValue>) -> usize {
    all.iter().map(attribute).sum::<usize>() + (all.capacity() - all.len()) * size_of::<KeyValue>()
}

fn attribute(pair: &KeyValue) -> usize {
    let strings = |all: &[StringValue]| {
        all.iter().map(|one| size_of::<StringValue>() + one.as_str().len()).sum::<usize>()
    };
    let value = match &pair.value {
        Value::String(text) => text.as_str().len(),
        Value::Array(Array::Bool(all)) => all.capacity(),
        Value::Array(Array::I64(all)) => all.capacity() * size_of::<i64>(),
        Value::Array(Array::F64(all)) => all.capacity() * size_of::<f64>(),
        Value::Array(Array::String(all)) => strings(all),
        _ => 0,
    };
    size_of::<KeyValue>() + pair.key.as_str().len() + value
}
