//! Spans of the program that wait with their exchange: what is kept is what a yes at the head would have exported.

use std::collections::BTreeSet;
use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Method, Request, Response, StatusCode};
use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, Span, SpanId, SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry_sdk::trace::{SdkTracer, SpanData};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry::trace::Decision;
use tower_telemetry::{InExchange, InnerSpans, Spans};
use tower_telemetry_tests::{Caller, Rig, Server, answer, request};
use tracing::Instrument;
use tracing_subscriber::prelude::*;

use crate::script::{Script, record};

fn rig_with(decision: Decision, max: usize) -> Rig {
    Rig::of(|builder| {
        builder.with_sampling(Script(decision)).with_buffered_inner_spans(InnerSpans::at_most(max))
    })
}

fn rig(decision: Decision) -> Rig {
    rig_with(decision, 64)
}

/// One request whose handler makes spans by every means, and calls somebody from within two of them; a span goes on when
/// the request is over. Gives the `traceparent` that the callee saw.
async fn exchange(rig: &Rig, status: StatusCode) -> String {
    let provider = rig.telemetry.tracer_provider();
    let tracer = provider.tracer("mine");
    let opentelemetry = tracing_opentelemetry::layer().with_tracer(provider.tracer("tracing"));
    let _subscriber = tracing_subscriber::registry().with(opentelemetry).set_default();
    let (told, heard) = std::sync::mpsc::channel();
    let callee = service_fn(move |request: Request<Body>| {
        told.send(request.headers()["traceparent"].to_str().unwrap().to_owned()).unwrap();
        async { Ok::<_, Infallible>(Response::new(Body::empty())) }
    });
    let client = rig.telemetry.http_client().layer(callee);
    let (go_on, going_on) = tokio::sync::oneshot::channel::<()>();
    let (late, outlives) = (tracer.clone(), std::sync::Mutex::new(Some(going_on)));
    let work = Spans::with_tracer_provider(provider);
    let (tasks, mut joined) = tokio::sync::mpsc::unbounded_channel();
    let handler = service_fn(move |_: Request<Body>| {
        let (client, tracer, work) = (client.clone(), tracer.clone(), work.clone());
        let going_on = outlives.lock().unwrap().take().unwrap();
        let late = late.clone();
        let job = async move {
            let mut span = late.start("job");
            going_on.await.unwrap();
            span.set_attribute(opentelemetry::KeyValue::new("late", true));
            let within = Context::current_with_span(span);
            drop(late.start_with_context("child of job", &within));
        };
        let tasks = tasks.clone();
        async move {
            // It begins within the request, and ends after it.
            let mut job = Box::pin(job.in_exchange());
            assert!(futures_util::poll!(job.as_mut()).is_pending());
            tasks.send(tokio::spawn(job)).unwrap();
            let outer = Context::current_with_span(tracer.start("outer"));
            let call = async {
                drop(tracer.start("inner"));
                let call = client.oneshot(request(Method::GET, "http://stock.internal/", &[]));
                answer(call.instrument(tracing::info_span!("traced")).await.unwrap()).await;
            };
            call.with_context(outer).await;
            work.continue_as("work").run(async { drop(tracer.start("in work")) }).await;
            let mut response = Response::new(Body::empty());
            *response.status_mut() = status;
            Ok::<_, Infallible>(response)
        }
    });
    let server = rig.telemetry.http_server().layer(handler);
    let response = server.oneshot(request(Method::GET, "/orders", &[("tracestate", "a=b")])).await;
    answer(response.unwrap()).await;
    go_on.send(()).unwrap();
    joined.recv().await.unwrap().await.unwrap();
    heard.recv().unwrap()
}

/// Each span by its path from the edge, with what it says.
fn tree(spans: &[SpanData]) -> BTreeSet<String> {
    let by_id = |id: SpanId| spans.iter().find(|span| span.span_context.span_id() == id);
    let path = |span: &SpanData| {
        let mut path = vec![span.name.to_string()];
        let mut parent = span.parent_span_id;
        while parent != SpanId::INVALID {
            let above = by_id(parent).unwrap_or_else(|| panic!("{path:?} has no parent"));
            path.push(above.name.to_string());
            parent = above.parent_span_id;
        }
        path.reverse();
        let mut keys: Vec<_> = span.attributes.iter().map(|pair| pair.key.to_string()).collect();
        keys.sort();
        // Not the random flag, which the SDK forgets of a trace that begins with it.
        assert!(span.span_context.is_sampled() && !span.parent_span_is_remote);
        format!("{} {:?} {keys:?} {:?}", path.join(" > "), span.span_kind, span.status)
    };
    spans.iter().map(path).collect()
}

#[tokio::test]
async fn what_is_kept_at_the_end_is_what_a_yes_at_the_head_exports() {
    let (early, late) = (rig(record()), rig(Decision::Wait));
    exchange(&early, StatusCode::SERVICE_UNAVAILABLE).await;
    let told = exchange(&late, StatusCode::SERVICE_UNAVAILABLE).await;
    let (early, late) = (early.spans(), late.spans());
    assert_eq!(early.len(), 9, "{early:#?}");
    assert_eq!((late.len(), tree(&late)), (early.len(), tree(&early)));
    assert!(late.iter().all(|span| span.span_context.trace_state().get("ot").is_none()));
    assert!(told.ends_with("-02"), "what nobody has decided about is not sampled on the wire: {told}");
}

#[tokio::test]
async fn what_is_not_kept_leaves_nothing() {
    let rig = rig(Decision::Wait);
    exchange(&rig, StatusCode::OK).await;
    assert!(rig.spans().is_empty());
    assert_eq!(told(&rig, "tower_telemetry_inner_spans_size"), 0.0);
}

fn told(rig: &Rig, series: &str) -> f64 {
    let page = rig.page();
    let line = page.lines().find(|line| line.starts_with(series));
    line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn without_the_option_a_kept_request_has_the_spans_of_its_edges() {
    let rig = Rig::of(|builder| builder.with_sampling(Script(Decision::Wait)));
    exchange(&rig, StatusCode::SERVICE_UNAVAILABLE).await;
    let (server, client) = (rig.span_of(&SpanKind::Server), rig.span_of(&SpanKind::Client));
    assert_eq!(client.parent_span_id, server.span_context.span_id());
    assert_eq!(rig.spans().len(), 2);
    assert!(!rig.page().contains("inner_spans"));
}

#[tokio::test]
async fn what_finds_no_room_is_counted_and_nobody_is_an_orphan() {
    let rig = rig_with(Decision::Wait, 2);
    exchange(&rig, StatusCode::SERVICE_UNAVAILABLE).await;
    // "job" and "outer" find room, and the call in "traced" is a child of the edge; "child of job" began when the request
    // was over, and was kept.
    let spans = rig.spans();
    let names: BTreeSet<_> = spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, BTreeSet::from(["GET", "child of job", "job", "outer"]));
    assert_eq!((spans.len(), tree(&spans).len()), (5, 5));
    let dropped = told(&rig, "tower_telemetry_inner_spans_dropped_total{reason=\"request_spans\"}");
    assert_eq!(dropped, 4.0, "inner, traced, work, in work");
}

/// A gateway and the inventory in one process, with a span of the program in each. Whoever gets 503 keeps its part.
async fn both(rig: &Rig, gateway: StatusCode, inventory: StatusCode) -> BTreeSet<String> {
    let tracer: SdkTracer = rig.telemetry.tracer_provider().tracer("mine");
    let own = tracer.clone();
    let stock = get(move || async move {
        drop(own.start("in the inventory"));
        inventory
    });
    let behind = Server::axum(Router::new().route("/stock", stock).layer(rig.telemetry.http_server())).await;
    let (url, client) = (behind.url("/stock"), rig.telemetry.http_client().layer(Caller::http1()));
    let orders = get(move || async move {
        let span = Context::current_with_span(tracer.start("in the gateway"));
        let call = client.oneshot(request(Method::GET, &url, &[])).with_context(span);
        answer(call.await.unwrap()).await;
        gateway
    });
    let front = Router::new().route("/orders", orders).layer(rig.telemetry.http_server());
    let front = Server::axum(front).await;
    Caller::of(&front).get("/orders").await;
    rig.until_ended("server", 2).await;
    let traces: BTreeSet<_> =
        rig.spans().iter().map(|span| span.span_context.trace_id().to_string()).collect();
    assert_eq!(traces.len(), 1);
    rig.spans().iter().map(|span| format!("{:?} {}", span.span_kind, span.name)).collect()
}

#[tokio::test]
async fn two_exchanges_of_one_trace_in_one_process_decide_each_for_its_own() {
    const GOOD: StatusCode = StatusCode::OK;
    const BAD: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
    let told = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let (gateway, inventory) = (
        ["Server GET /orders", "Client GET", "Internal in the gateway"],
        ["Server GET /stock", "Internal in the inventory"],
    );
    assert_eq!(both(&rig(Decision::Wait), BAD, GOOD).await, told(&gateway));
    assert_eq!(both(&rig(Decision::Wait), GOOD, BAD).await, told(&inventory));
    let rig = rig(Decision::Wait);
    assert_eq!(both(&rig, BAD, BAD).await, told(&[&gateway[..], &inventory[..]].concat()));
    assert_eq!(
        tree_under_one_edge(&rig.spans()),
        "GET /orders > in the gateway > GET > GET /stock > in the inventory"
    );
}

fn tree_under_one_edge(spans: &[SpanData]) -> String {
    let mut path = Vec::new();
    let mut parent = SpanId::INVALID;
    while let Some(span) = spans.iter().find(|span| span.parent_span_id == parent) {
        path.push(&*span.name);
        parent = span.span_context.span_id();
    }
    path.join(" > ")
}
