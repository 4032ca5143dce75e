//! A format of propagation, read from headers and written again.

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tower_telemetry_trace::{Propagation, TextMap};

use super::input;

/// The input is a field in each line, `name: value`, one of `names` for each; what was read has to read back.
pub(crate) fn round_trip(format: &str, names: &[&str], data: &[u8]) {
    let propagator = TextMap::from(Propagation::of_names(format).unwrap());
    let carrier: HashMap<String, String> =
        names.iter().map(|name| (*name).to_owned()).zip(input::texts(data)).collect();
    let context = propagator.extract_with_context(&Context::new(), &carrier);
    let read = context.span().span_context().clone();
    if !read.is_valid() {
        return;
    }
    assert!(read.is_remote());
    let mut written = HashMap::new();
    propagator.inject_context(&context, &mut written);
    let again = propagator.extract_with_context(&Context::new(), &written);
    assert_eq!(told(again.span().span_context()), told(&read), "{carrier:?} became {written:?}");
}

fn told(context: &SpanContext) -> impl PartialEq + std::fmt::Debug {
    (context.trace_id(), context.span_id(), context.is_sampled())
}
