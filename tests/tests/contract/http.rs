//! Over HTTP, on a real socket.

use std::time::Duration;

use axum::error_handling::HandleErrorLayer;
use axum::routing::get;
use axum::{BoxError, Router};
use http::StatusCode;
use opentelemetry::trace::SpanKind;
use tower::ServiceBuilder;
use tower::timeout::TimeoutLayer;
use tower_telemetry::{RequestId, TelemetryBuilder};
use tower_telemetry_tests::{Answer, Caller, Rig, Server};

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn app(rig: &Rig) -> Router {
    let patience = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: BoxError| StatusCode::GATEWAY_TIMEOUT))
        .layer(TimeoutLayer::new(Duration::from_millis(50)));
    Router::new()
        .route("/", get(async |id: RequestId| id.to_string()))
        .route("/broken", get(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/late", get(std::future::pending::<()>))
        .layer(patience)
        .layer(rig.telemetry.http_server())
}

/// What this path answers, with the number that it has in `server-timing`.
async fn answered(rig: &Rig, path: &str) -> (Answer, f64) {
    let server = Server::axum(app(rig)).await;
    let answer = Caller::of(&server).get_with(path, &[("traceparent", CALLER)]).await;
    rig.until_ended("server", 1).await;
    let timing = answer.header("server-timing").unwrap();
    let head = timing.split("head;dur=").nth(1).unwrap_or_else(|| {
        let lines: Vec<_> = answer.headers.get_all("server-timing").iter().collect();
        lines[1].to_str().unwrap().strip_prefix("head;dur=").unwrap()
    });
    let head = head.parse().unwrap();
    (answer, head)
}

#[tokio::test]
async fn every_answer_tells_what_line_and_span_tell_errors_and_timeouts_too() {
    for (path, status) in [("/", 200), ("/broken", 500), ("/late", 504), ("/nowhere", 404)] {
        let rig = Rig::new();
        let (answer, head) = answered(&rig, path).await;
        assert_eq!(answer.status, status);
        let line = rig.line_of("server");
        let [trace, span, id] = line.ids().map(Option::unwrap);
        assert_eq!(answer.header("x-request-id"), Some(id));
        let told = answer.header("server-timing").unwrap();
        assert!(told.starts_with(&format!("trace;desc=00-{trace}-{span}-01")), "{told}");
        assert_eq!(rig.span_of(&SpanKind::Server).span_context.span_id().to_string(), span);
        let logged = line.get("head_ms").unwrap().as_f64().unwrap();
        assert!((0.0..0.001).contains(&(logged - head)), "{path}: {logged} {head}");
        let whole: u64 = answer.header("x-response-time-ms").unwrap().parse().unwrap();
        assert_eq!(whole, logged as u64);
        if path == "/late" {
            assert!(whole >= 50, "it was waited for");
        }
    }
}

#[tokio::test]
async fn the_time_is_that_to_the_head_and_not_to_the_end() {
    let rig = Rig::new();
    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    let wait = std::sync::Arc::new(tokio::sync::Mutex::new(Some(wait)));
    let body = async move || {
        let end = async move { wait.lock().await.take().unwrap().await };
        let frames =
            futures_util::stream::once(async { end.await.map(|()| "the end").map_err(BoxError::from) });
        axum::body::Body::from_stream(frames)
    };
    let app = Router::new().route("/", get(body)).layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let response =
        Caller::of(&server).send(tower_telemetry_tests::request(http::Method::GET, "/", &[])).await.unwrap();
    let whole: u64 = response.headers()["x-response-time-ms"].to_str().unwrap().parse().unwrap();
    assert_eq!(rig.ended_as(&[("side", "server")]), 0, "the head is here, the end is not");
    go.send(()).unwrap();
    tower_telemetry_tests::answer(response).await;
    rig.until_ended("server", 1).await;
    let line = rig.line_of("server");
    let [head, total] = ["head_ms", "duration_ms"].map(|field| line.get(field).unwrap().as_f64().unwrap());
    assert!(whole as f64 <= head && head < total, "{whole} {head} {total}");
}

#[tokio::test]
async fn a_handler_is_given_the_id_that_its_caller_is_told() {
    let rig = Rig::of(TelemetryBuilder::public);
    let server = Server::axum(app(&rig)).await;
    let answer = Caller::of(&server).get_with("/", &[("x-request-id", "theirs")]).await;
    assert_eq!(answer.header("x-request-id").unwrap().as_bytes(), answer.body);
    rig.until_ended("server", 1).await;
    assert_eq!(rig.line_of("server").text("client_request_id"), Some("theirs"));
}

#[tokio::test]
async fn a_stranger_is_told_nothing_of_a_trace() {
    let rig = Rig::of(TelemetryBuilder::public);
    let (answer, _) = answered(&rig, "/").await;
    assert!(answer.header("server-timing").unwrap().starts_with("head;dur="));
    let span = rig.span_of(&SpanKind::Server).span_context;
    for value in answer.headers.values() {
        let value = value.to_str().unwrap();
        assert!(!value.contains(&span.trace_id().to_string()) && !value.contains("4bf92f3577b3"), "{value}");
    }
}
