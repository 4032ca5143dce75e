//! What a cache had to do with a response: header, span, line and metric say the same.

use axum::Router;
use axum::routing::get;
use http::Method;
use opentelemetry::trace::SpanKind;
use tower::{Layer, ServiceExt};
use tower_telemetry::metrics::Metrics;
use tower_telemetry::{CacheStatus, SignalExt, current};
use tower_telemetry_tests::{Caller, Rig, Server, answer, attribute, request};

fn say(status: CacheStatus) {
    assert!(current().unwrap().set_cache_status(status));
}

#[tokio::test]
async fn what_a_handler_says_stands_in_header_span_and_line() {
    let rig = Rig::new();
    let app =
        Router::new().route("/", get(async || say(CacheStatus::Stale))).layer(rig.telemetry.http_server());
    let answer = Caller::of(&Server::axum(app).await).get("/").await;
    rig.until_ended("server", 1).await;
    assert_eq!(answer.header("x-cache-status"), Some("STALE"));
    assert_eq!(attribute(&rig.span_of(&SpanKind::Server), "cache_status").as_deref(), Some("stale"));
    assert_eq!(rig.line_of("server").text("cache_status"), Some("stale"));
}

#[tokio::test]
async fn it_is_a_label_of_metrics_that_declare_it() {
    let rig = Rig::new();
    let (ids, ..) = rig.telemetry.windows();
    let metrics = Metrics::builder().with_label::<CacheStatus>().build().unwrap();
    let layer = (ids, metrics.clone()).server();
    let app = Router::new()
        .route("/hit", get(async || say(CacheStatus::Hit)))
        .route("/own", get(async || [("x-cache-status", "BYPASS")]))
        .layer(layer);
    let server = Server::axum(app).await;
    let caller = Caller::of(&server);
    for path in ["/hit", "/own", "/own"] {
        caller.get(path).await;
    }
    let count = |status| {
        metrics.store().snapshot().total("http.server.request.duration", &[("cache_status", status)])
    };
    assert_eq!((count("hit"), count("bypass"), count("miss")), (1.0, 2.0, 0.0));
}

#[tokio::test]
async fn what_a_callee_says_stands_on_the_call_and_goes_on() {
    let (rig, callee) = (Rig::new(), Rig::new());
    let app = Router::new()
        .route("/stock", get(async || say(CacheStatus::Hit)))
        .layer(callee.telemetry.http_server());
    let behind = Server::axum(app).await;
    let (url, client) = (behind.url("/stock"), rig.telemetry.http_client().layer(Caller::http1()));
    let call = || async move {
        answer(client.oneshot(request(Method::GET, &url, &[])).await.unwrap()).await;
    };
    let app = Router::new().route("/", get(call)).layer(rig.telemetry.http_server());
    let answer = Caller::of(&Server::axum(app).await).get("/").await;
    rig.until_ended("server", 1).await;
    assert_eq!(answer.header("x-cache-status"), Some("HIT"));
    for kind in [SpanKind::Server, SpanKind::Client] {
        assert_eq!(attribute(&rig.span_of(&kind), "cache_status").as_deref(), Some("hit"), "{kind:?}");
    }
}
