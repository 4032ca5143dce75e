//! A caller's context read from headers, and that of a new span written into others.

use std::hint::black_box;

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{propagation::TextMapPropagator, trace::TraceContextExt};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tower_telemetry::{
    Propagation, TextMap,
    core::{TraceIds, TraceState},
};

use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    floor, measure,
};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Exchanges of a thorough run.
const TIMES: usize = 500_000;

pub(crate) fn all() -> Vec<Case> {
    let case =
        |name: &str, run: fn(Effort) -> Result<Readings>| Case::new(name, run).beside("propagate/floor");
    vec![
        case("propagate/floor", |effort| headers(effort, floor::propagate)),
        case("propagate/ours", |effort| headers(effort, ours)),
        case("propagate/ours-text-map", |effort| text_map(effort, &TextMap::from(Propagation::default()))),
        case("propagate/peer-sdk", |effort| text_map(effort, &TraceContextPropagator::new())),
    ]
}

/// The codec that the trace window uses: strict, by the letter of W3C.
fn ours(from: &HeaderMap, into: &mut HeaderMap) {
    let Ok(Some(caller)) = TraceIds::from_headers(from) else { return };
    into.insert(TRACEPARENT, caller.child().to_header_value());
    let state = TraceState::from_headers(from).unwrap_or_default();
    if let Some(state) = state.to_header_value() {
        into.insert(TRACESTATE, state);
    }
}

/// By the interface of OpenTelemetry, which gives the ids back as a context.
fn text_map(effort: Effort, propagator: &dyn TextMapPropagator) -> Result<Readings> {
    headers(effort, |from, into| {
        let context = propagator.extract(&HeaderExtractor(from));
        black_box(context.span().span_context());
        propagator.inject_context(&context, &mut HeaderInjector(into));
    })
}

fn headers(effort: Effort, propagate: impl Fn(&HeaderMap, &mut HeaderMap)) -> Result<Readings> {
    const CALLER: HeaderValue =
        HeaderValue::from_static("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let (mut from, mut into) = (HeaderMap::new(), HeaderMap::new());
    from.insert("host", HeaderValue::from_static("localhost"));
    from.insert("traceparent", CALLER);
    let readings = measure::each(effort.of(TIMES), |_| {
        propagate(black_box(&from), &mut into);
        black_box(&mut into);
    });
    if into.contains_key("traceparent") { Ok(readings) } else { Err("nothing was propagated".into()) }
}
