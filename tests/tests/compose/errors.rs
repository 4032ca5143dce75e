//! Outside stacks that fail: a timeout, a load shed, an error in a box.

use std::time::Duration;

use axum::error_handling::HandleErrorLayer;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{BoxError, Router};
use http::{Method, StatusCode};
use tower::{ServiceBuilder, ServiceExt};
use tower_telemetry_tests::{Caller, Rig, Server, answer, request, soon};

use crate::told::{server_told, told};

fn app() -> Router {
    Router::new().route("/ok", get(|| async { "ok" })).route("/wait", get(std::future::pending::<()>))
}

async fn as_a_status(error: BoxError) -> impl IntoResponse {
    if error.is::<tower::timeout::error::Elapsed>() {
        StatusCode::REQUEST_TIMEOUT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_is_made_an_answer_is_that_answer() {
    let rig = Rig::new();
    let app = app().layer(
        ServiceBuilder::new()
            .layer(rig.telemetry.http_server())
            .layer(HandleErrorLayer::new(as_a_status))
            .timeout(Duration::from_secs(1)),
    );
    let answer = answer(app.oneshot(request(Method::GET, "/wait", &[])).await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert!(answer.header("x-request-id").is_some());
    assert_eq!(told(&rig, "server"), "/wait 408 - - complete caller_fault");
    assert_eq!(rig.line_of("server").get("duration_ms").unwrap().as_f64().map(|ms| ms >= 0.0), Some(true));
}

#[tokio::test(start_paused = true)]
async fn inside_a_timeout_the_exchange_is_dropped() {
    let rig = Rig::new();
    let app = app().layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(as_a_status))
            .timeout(Duration::from_secs(1))
            .layer(rig.telemetry.http_server()),
    );
    answer(app.oneshot(request(Method::GET, "/wait", &[])).await.unwrap()).await;
    assert_eq!(told(&rig, "server"), "/wait - - - dropped cancelled");
    assert_eq!(rig.in_flight(), 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_in_a_box_is_a_timeout() {
    let rig = Rig::new();
    let service = ServiceBuilder::new()
        .layer(rig.telemetry.http_server())
        .timeout(Duration::from_secs(1))
        .service(app());
    service.oneshot(request(Method::GET, "/wait", &[])).await.map(drop).expect_err("it takes too long");
    assert_eq!(told(&rig, "server"), "- - - timeout failed service_fault");
}

#[tokio::test]
async fn a_shed_request_is_the_answer_it_is_made() {
    let rig = Rig::new();
    let app = app().layer(
        ServiceBuilder::new()
            .layer(rig.telemetry.http_server())
            .layer(HandleErrorLayer::new(as_a_status))
            .load_shed()
            .layer(tower::limit::GlobalConcurrencyLimitLayer::new(1)),
    );
    let server = Server::axum(app).await;
    let caller = Caller::of(&server);
    let waiting = tokio::spawn({
        let caller = caller.clone();
        async move { caller.send(request(Method::GET, "/wait", &[])).await }
    });
    rig.until_begun("server", 1).await;
    assert_eq!(caller.get("/ok").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(told(&rig, "server"), "/ok 503 - 503 complete service_fault");
    waiting.abort();
    rig.until_ended("server", 2).await;
    assert_eq!(rig.ended_as(&[("ending", "dropped"), ("verdict", "cancelled")]), 1);
}

#[tokio::test]
async fn a_shed_request_in_a_box_under_hyper_is_overload() {
    let rig = Rig::new();
    let service = ServiceBuilder::new()
        .layer(rig.telemetry.http_server())
        .load_shed()
        .layer(tower::limit::GlobalConcurrencyLimitLayer::new(1))
        .service(app());
    let server = Server::hyper(service).await;
    let caller = Caller::of(&server);
    let waiting = tokio::spawn({
        let caller = caller.clone();
        async move { caller.send(request(Method::GET, "/wait", &[])).await }
    });
    rig.until_begun("server", 1).await;
    // hyper has no answer to an error: it closes the connection.
    caller.send(request(Method::GET, "/ok", &[])).await.map(drop).expect_err("there is no room");
    assert_eq!(told(&rig, "server"), "- - - overloaded failed service_fault");
    waiting.abort();
    rig.until_ended("server", 2).await;
}

#[tokio::test]
async fn an_error_that_nobody_knows_is_other() {
    let rig = Rig::new();
    let fails = tower::service_fn(async |_: http::Request<hyper::body::Incoming>| {
        Err::<http::Response<axum::body::Body>, BoxError>("GET /secret?token=1".into())
    });
    let service = ServiceBuilder::new().layer(rig.telemetry.http_server()).service(fails);
    let server = Server::hyper(service).await;
    Caller::of(&server).send(request(Method::GET, "/", &[])).await.map(drop).expect_err("it fails");
    assert_eq!(server_told(&rig).await, "- - - _OTHER failed service_fault");
    rig.assert_no_label_has(&["secret", "token"]);
}

#[tokio::test]
async fn a_buffer_may_stand_inside() {
    let rig = Rig::new();
    let service = ServiceBuilder::new().layer(rig.telemetry.http_server()).buffer(4).service(app());
    let server = Server::hyper(service).await;
    assert_eq!(Caller::of(&server).get("/ok").await.body, "ok");
    assert_eq!(server_told(&rig).await, "- 200 - - complete ok");
}

#[tokio::test]
async fn a_buffer_may_stand_outside() {
    let rig = Rig::new();
    let service = ServiceBuilder::new().buffer(4).service(rig.telemetry.around(app()));
    let server = Server::hyper(service).await;
    assert_eq!(Caller::of(&server).get("/ok").await.body, "ok");
    assert_eq!(server_told(&rig).await, "/ok 200 - - complete ok");
}

#[tokio::test]
async fn what_waits_in_a_buffer_and_is_cancelled_there_is_counted() {
    let rig = Rig::new();
    let service = ServiceBuilder::new()
        .layer(rig.telemetry.http_server())
        .buffer(4)
        .layer(tower::limit::GlobalConcurrencyLimitLayer::new(1))
        .service(app());
    let calls: Vec<_> =
        (0..3).map(|_| tokio::spawn(service.clone().oneshot(request(Method::GET, "/wait", &[])))).collect();
    rig.until_begun("server", 3).await;
    for call in calls {
        call.abort();
        soon(call).await.map(drop).expect_err("it is aborted");
    }
    rig.until_ended("server", 3).await;
    assert_eq!(rig.ended_as(&[("ending", "dropped"), ("verdict", "cancelled")]), 3);
}
