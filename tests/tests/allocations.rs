//! What metrics and traces together allocate in an axum router, over the bare router. Owns the global allocator, which
//! counts; it is one test, since the count is that of the whole process.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, Uri};
use http_body_util::BodyExt;
use opentelemetry::trace::noop::NoopTracer;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::Service;
use tower_telemetry::metrics::Metrics;
use tower_telemetry::trace::{Decide, Decision, FinishedSpan, Question, SpanSink, Trace};
use tower_telemetry::{Signal, SignalExt};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 200;

struct Always(Decision);

impl Decide for Always {
    fn at_head(&self, _: &Question<'_>) -> Decision {
        self.0.clone()
    }
}

struct Nowhere;

impl SpanSink for Nowhere {
    fn write(&self, _: FinishedSpan) {}
}

/// The allocations of one request. The least of a few measurements: the harness may allocate meanwhile.
fn of_request(app: Router) -> usize {
    let mut app = app.with_state(());
    // As hyper gives it: a part of the buffer that the head came in, which it shares.
    let uri: Uri = "/users/7".parse().unwrap();
    let _buffer = uri.clone();
    let mut round = || {
        let request = Request::get(uri.clone()).body(Body::empty()).unwrap();
        let mut waker = Context::from_waker(Waker::noop());
        let mut answering = Box::pin(async { app.call(request).await.unwrap().into_body().collect().await });
        let Poll::Ready(answer) = answering.as_mut().poll(&mut waker) else { unreachable!("nothing waits") };
        assert_eq!(answer.unwrap().to_bytes(), "a user");
    };
    (0..10).for_each(|_| round());
    let measure = |_| {
        let region = Region::new(ALLOCATOR);
        (0..ROUNDS).for_each(|_| round());
        let change = region.change();
        (change.allocations + change.reallocations).div_ceil(ROUNDS)
    };
    (0..5).map(measure).min().unwrap()
}

fn app() -> Router {
    Router::new().route("/users/{id}", get(|| async { "a user" }))
}

fn over_bare(signal: impl Signal) -> usize {
    of_request(app().layer(signal.server())) - of_request(app())
}

#[test]
fn what_is_not_sampled_costs_a_context_and_a_place_to_wait_in_beside_the_metrics() {
    let trace =
        |decision| Trace::new(NoopTracer::new()).with_decision(Arc::new(Always(decision)), Arc::new(Nowhere));
    let metrics = Metrics::builder().build().unwrap();
    let alone = over_bare(metrics.clone());
    let both = |decision| over_bare((trace(decision), metrics.clone()));
    assert_eq!((both(Decision::Drop), both(Decision::Wait)), (alone + 1, alone + 2));
    assert!(both(Decision::Wait) <= 7, "with metrics, traces allocate {}", both(Decision::Wait));
}
