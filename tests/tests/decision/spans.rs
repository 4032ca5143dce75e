//! A late span is the one that would have been recorded; spans of the program follow its exchange.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::body::Body;
use http::{Request, Response};
use opentelemetry::trace::{SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, Value};
use opentelemetry_sdk::trace::SpanData;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry::trace::Decision;
use tower_telemetry::{Authority, Route, current};
use tower_telemetry_tests::{Rig, answer, request};

use crate::script::{record, rig};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02";

/// Serves one failing request that makes one failing call, and gives the spans of both.
async fn spans(rig: &Rig, content_type: &'static str) -> [SpanData; 2] {
    let fails =
        service_fn(|_: Request<Body>| async { Err::<Response<Body>, _>(std::io::Error::other("no")) });
    let client = rig.telemetry.grpc_client(Authority::new("inventory", 50051)).layer(fails);
    let handler = service_fn(move |_: Request<Body>| {
        let client = client.clone();
        async move {
            let exchange = current().unwrap();
            exchange.set_route(Route::template("/users/{id}"));
            exchange.set("cart.items", 3_i64);
            let call = request(http::Method::POST, "/stock.v1.Stock/Take", &[("content-type", content_type)]);
            client.oneshot(call).await.unwrap_err();
            let mut response = Response::new(Body::empty());
            *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            Ok::<_, Infallible>(response)
        }
    });
    let headers = [
        ("content-type", content_type),
        ("host", "shop.example:8080"),
        ("user-agent", "test"),
        ("x-request-id", "one"),
        ("traceparent", PARENT),
        ("tracestate", "vendor=x"),
    ];
    let request = request(http::Method::POST, "/users/7?a=b&sig=secret", &headers);
    let server = rig.telemetry.http_server().layer(handler);
    answer(server.oneshot(request).await.unwrap()).await;
    [rig.span_of(&SpanKind::Server), rig.span_of(&SpanKind::Client)]
}

/// All that a span says, but for its own ids, its times, and why it is kept.
fn said(span: &SpanData) -> impl PartialEq + std::fmt::Debug {
    let attributes: BTreeMap<String, Value> =
        span.attributes.iter().map(|pair| (pair.key.to_string(), pair.value.clone())).collect();
    assert_eq!(attributes.len(), span.attributes.len(), "no key twice");
    let mut attributes = attributes;
    attributes.remove("sampling.reason").expect("a reason");
    (
        (span.name.clone(), span.span_kind.clone(), span.status.clone(), span.parent_span_is_remote),
        (span.span_context.trace_id(), span.span_context.trace_state().get("vendor").map(str::to_owned)),
        (span.span_context.trace_flags(), span.instrumentation_scope.clone()),
        (attributes, span.events.clone(), span.links.clone()),
    )
}

#[tokio::test]
async fn a_late_span_says_what_a_recorded_one_does() {
    for content_type in ["application/json", "application/grpc"] {
        let recorded = spans(&rig(record()), content_type).await;
        let late = spans(&rig(Decision::Wait), content_type).await;
        for (recorded, late) in recorded.iter().zip(&late) {
            assert_eq!(format!("{:#?}", said(recorded)), format!("{:#?}", said(late)));
            assert!(said(recorded) == said(late));
        }
        let [server, client] = late;
        assert_eq!(client.parent_span_id, server.span_context.span_id());
        assert_eq!(server.span_context.trace_state().get("ot"), None, "no probability is claimed");
    }
}

/// A program's own spans, made within a request and outside any.
async fn own_spans(rig: &Rig) -> Vec<SpanData> {
    let tracer = rig.telemetry.tracer_provider().tracer("mine");
    let own = tracer.clone();
    let handler = service_fn(move |_: Request<Body>| {
        let span = own.start("inner");
        assert_eq!(span_trace(&span), Context::current().span().span_context().trace_id());
        drop(span);
        async { Ok::<_, Infallible>(Response::new(Body::empty())) }
    });
    let server = rig.telemetry.http_server().layer(handler);
    answer(server.oneshot(request(http::Method::GET, "/", &[])).await.unwrap()).await;
    drop(tracer.start("own root"));
    rig.spans_of(&SpanKind::Internal)
}

fn span_trace(span: &impl opentelemetry::trace::Span) -> opentelemetry::trace::TraceId {
    span.span_context().trace_id()
}

#[tokio::test]
async fn spans_of_the_program_follow_the_decision_about_their_exchange() {
    let recording = rig(record());
    let own = own_spans(&recording).await;
    assert_eq!(own.iter().map(|span| &*span.name).collect::<Vec<_>>(), ["inner", "own root"]);
    let server = recording.span_of(&SpanKind::Server);
    assert_eq!(own[0].parent_span_id, server.span_context.span_id());
    assert_eq!(own[0].span_context.trace_state().get("ot"), Some("th:8"));
    assert_ne!(own[1].span_context.trace_id(), server.span_context.trace_id());
    assert_eq!(
        own[1].span_context.trace_state().get("ot"),
        Some("th:8"),
        "the decider is asked about a root"
    );

    for decision in [Decision::Wait, Decision::Drop] {
        assert!(own_spans(&rig(decision)).await.is_empty());
    }
}
