//! `x-trace-id`, in and out.

use axum::Router;
use axum::routing::get;
use opentelemetry::trace::{SpanId, SpanKind};
use tower_telemetry::{Audience, ResponseContract, TelemetryBuilder};
use tower_telemetry_tests::{Answer, Caller, Rig, Server};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01";

/// What is answered to these headers, by a service that tells `x-trace-id` to everybody.
async fn answered(rig: &Rig, headers: &[(&str, &str)]) -> Answer {
    let app = Router::new().route("/", get(|| async { "hello" })).layer(rig.telemetry.http_server());
    let answer = Caller::of(&Server::axum(app).await).get_with("/", headers).await;
    rig.until_ended("server", 1).await;
    answer
}

fn telling(builder: TelemetryBuilder) -> TelemetryBuilder {
    let contract = ResponseContract::new().with_trace_id(Audience::Everybody);
    builder.with_request_ids(move |ids| ids.with_contract(contract))
}

fn refused(rig: &Rig) -> f64 {
    rig.snapshot().total("tower_telemetry.trace_ids.refused", &[])
}

#[tokio::test]
async fn a_trusted_caller_without_a_traceparent_names_the_trace_that_begins() {
    let rig = Rig::of(telling);
    let answer = answered(&rig, &[("x-trace-id", TRACE)]).await;
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(span.span_context.trace_id().to_string(), TRACE);
    assert_eq!(span.parent_span_id, SpanId::INVALID, "it is a root");
    assert_eq!(rig.line_of("server").ids()[0], Some(TRACE));
    assert_eq!(answer.header("x-trace-id"), Some(TRACE));
    // Nobody knows whether such a name is random.
    assert!(answer.header("server-timing").unwrap().starts_with(&format!("trace;desc=00-{TRACE}-")));
    assert!(answer.header("server-timing").unwrap().contains("-01"), "{answer:?}");
    assert_eq!(refused(&rig), 0.0);
}

#[tokio::test]
async fn one_that_disagrees_with_the_traceparent_loses_and_is_counted() {
    let rig = Rig::of(telling);
    let answer = answered(&rig, &[("x-trace-id", TRACE), ("traceparent", PARENT)]).await;
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(span.parent_span_id.to_string(), "00f067aa0ba902b7");
    assert_eq!(answer.header("x-trace-id"), Some(&PARENT[3..35]));
    assert_eq!(refused(&rig), 1.0);
}

#[tokio::test]
async fn a_stranger_names_no_trace() {
    let rig = Rig::of(|builder| telling(builder.public()));
    let answer = answered(&rig, &[("x-trace-id", TRACE)]).await;
    let span = rig.span_of(&SpanKind::Server).span_context.trace_id().to_string();
    assert_ne!(span, TRACE);
    assert_eq!(answer.header("x-trace-id"), Some(&*span), "what everybody is told a stranger is, too");
}

#[tokio::test]
async fn it_is_not_told_unless_asked_for() {
    let rig = Rig::new();
    assert_eq!(answered(&rig, &[("x-trace-id", TRACE)]).await.header("x-trace-id"), None);
}
