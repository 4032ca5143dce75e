//! What a decision allocates, over a window that does nothing. Owns the global allocator, which counts; it is one
//! test, since the count is that of the whole process.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll, Waker};

use http::{HeaderValue, Request, Response};
use http_body_util::Empty;
use opentelemetry::trace::{Link, SpanId, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{
    IdGenerator, SamplingDecision, SamplingResult, SdkTracer, SdkTracerProvider, ShouldSample,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::{Layer, Service, service_fn};
use tower_telemetry_core::{Exchange, ObserveLayer, Outcome, Side, Signal, TraceIds, trace_ids};
use tower_telemetry_trace::{
    Decide, Decision, FinishedSpan, Question, Reason, Response as Told, SpanSink, Trace, handover,
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 200;

/// The allocations of one round of `work`, after some to grow on. The least of a few measurements: the test harness
/// may allocate meanwhile, while an allocation of ours would be in each.
fn allocations(mut work: impl FnMut()) -> f64 {
    (0..10).for_each(|_| work());
    let measure = |_| {
        let region = Region::new(ALLOCATOR);
        (0..ROUNDS).for_each(|_| work());
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..5).map(measure).min().unwrap() as f64 / ROUNDS as f64
}

/// Says the same of every exchange, and keeps none or all at the end.
struct Always(Decision, Option<Reason>);

impl Decide for Always {
    fn at_head(&self, _: &Question<'_>) -> Decision {
        self.0.clone()
    }

    fn at_response(&self, _: &Exchange, _: &Told) -> bool {
        false
    }

    fn at_end(&self, _: &Exchange, _: &Outcome, _: usize) -> Option<Reason> {
        self.1
    }
}

struct Nowhere;

impl SpanSink for Nowhere {
    fn write(&self, _: FinishedSpan) {}
}

/// The ids and the decision that are handed over, as a pipeline takes them.
#[derive(Debug, Clone)]
struct Handed;

impl IdGenerator for Handed {
    fn new_trace_id(&self) -> TraceId {
        TraceId::from_bytes(handover::ids().unwrap().trace_id.to_bytes())
    }

    fn new_span_id(&self) -> SpanId {
        SpanId::from_bytes(handover::ids().unwrap().span_id.to_bytes())
    }
}

impl ShouldSample for Handed {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let trace_state = handover::take().unwrap();
        SamplingResult { decision: SamplingDecision::RecordAndSample, attributes: Vec::new(), trace_state }
    }
}

fn window(decision: Decision, kept: Option<Reason>) -> Trace<SdkTracer> {
    let provider = SdkTracerProvider::builder().with_id_generator(Handed).with_sampler(Handed).build();
    Trace::with_tracer_provider(&provider).with_decision(Arc::new(Always(decision, kept)), Arc::new(Nowhere))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    None,
    Told,
}

/// A request as a server takes it from the wire: its parts are shared with the buffer that they came in.
fn template(content_type: &'static str, caller: Caller) -> Request<()> {
    let mut request = Request::post("http://shop.example/pkg.Service/Method?a=b").body(()).unwrap();
    let headers = request.headers_mut();
    headers.insert("content-type", HeaderValue::from_static(content_type));
    headers.insert("host", HeaderValue::from_static("shop.example"));
    headers.insert("user-agent", HeaderValue::from_static("test"));
    if caller == Caller::Told {
        let ids = TraceIds::random(trace_ids::TraceFlags::NONE);
        headers.insert("traceparent", ids.to_header_value());
    } else {
        // A place in the map for what a client adds.
        headers.insert("traceparent", HeaderValue::from_static(""));
        headers.remove("traceparent");
    }
    request
}

fn answer(_: Request<()>) -> Ready<Result<Response<Empty<&'static [u8]>>, Infallible>> {
    ready(Ok(Response::new(Empty::new())))
}

/// The allocations of one exchange observed by this signal.
fn of_exchange<S: Signal>(side: Side, signal: S, template: &Request<()>) -> f64 {
    let mut service = ObserveLayer::new(side, signal).layer(service_fn(answer));
    allocations(|| {
        let response = pin!(service.call(template.clone()));
        let Poll::Ready(response) = response.poll(&mut Task::from_waker(Waker::noop())) else {
            panic!("nothing waits")
        };
        drop(response);
    })
}

#[test]
fn what_is_not_sampled_allocates_a_context_and_a_place_to_wait_in_and_no_attribute() {
    // The measure itself: it must see an allocation.
    assert!((allocations(|| drop(std::hint::black_box(Box::new(1)))) - 1.0).abs() < f64::EPSILON);
    // Drop: the context. Wait: and where it waits. A call also writes its header.
    // Wait and keep: a span that is written at the end. Record: one of the SDK.
    for (content_type, side, caller, expected) in [
        ("text/plain", Side::Server, Caller::None, [1.0, 2.0, 7.0, 11.0]),
        ("text/plain", Side::Server, Caller::Told, [1.0, 2.0, 7.0, 12.0]),
        ("text/plain", Side::Client, Caller::None, [3.0, 4.0, 10.0, 11.0]),
        ("application/grpc", Side::Server, Caller::None, [1.0, 2.0, 5.0, 6.0]),
        ("application/grpc", Side::Server, Caller::Told, [1.0, 2.0, 5.0, 7.0]),
        ("application/grpc", Side::Client, Caller::None, [3.0, 4.0, 6.0, 7.0]),
    ] {
        let template = template(content_type, caller);
        let base = of_exchange(side, (), &template);
        let over = |decision, kept| of_exchange(side, window(decision, kept), &template) - base;
        let figures = [
            over(Decision::Drop, None),
            over(Decision::Wait, None),
            over(Decision::Wait, Some(Reason::Slow)),
            over(Decision::Record { reason: Reason::Head, ot: None }, None),
        ];
        let is_expected =
            figures.iter().zip(expected).all(|(figure, expected)| (figure - expected).abs() < 1e-9);
        assert!(is_expected, "{content_type} {side:?} {caller:?}: {figures:?}, not {expected:?}");
    }
}
