//! Headers and metadata on spans: those that are listed, and no others.

use axum::Router;
use axum::routing::get;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use tower_telemetry::trace::Capture;
use tower_telemetry::{Protocol, Route};
use tower_telemetry_testing::Reply;
use tower_telemetry_tests::{Caller, Rig, Server};

use crate::scene::{Body, Left, Scene, rpc_answer};

const METHOD: &str = "user.v1.UserService/GetUser";

fn rig(capture: Capture) -> Rig {
    Rig::of(|builder| builder.with_trace(|trace| trace.with_captured_headers(capture)))
}

/// Every attribute of captured headers, as `key value`.
fn captured(span: &SpanData) -> Vec<String> {
    let is_header = |key: &str| key.contains(".header.") || key.contains(".trailer.");
    let headers = span.attributes.iter().filter(|told| is_header(told.key.as_str()));
    headers.map(|told| format!("{} {}", told.key, told.value)).collect()
}

#[tokio::test]
async fn nothing_is_captured_unless_listed() {
    let rig = Rig::new();
    let app =
        Router::new().route("/", get(|| async { [("x-cache", "hit")] })).layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    Caller::of(&server).get_with("/", &[("x-tenant", "acme")]).await;
    rig.until_ended("server", 1).await;
    assert!(captured(&rig.span_of(&SpanKind::Server)).is_empty());
}

#[tokio::test]
async fn listed_headers_stand_on_the_span_with_all_their_values() {
    let capture = Capture::new().request(["X-Tenant", "x-missing"]).unwrap().response(["x-cache"]).unwrap();
    let rig = rig(capture.trailers(["x-cost"]).unwrap());
    let app = Router::new()
        .route("/", get(|| async { [("x-cache", "hit"), ("x-other", "no")] }))
        .layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let headers = [("x-tenant", "acme"), ("x-tenant", "beta"), ("authorization", "Bearer secret")];
    Caller::of(&server).get_with("/", &headers).await;
    rig.until_ended("server", 1).await;
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(
        captured(&span),
        ["http.request.header.x-tenant [\"acme\",\"beta\"]", "http.response.header.x-cache [\"hit\"]"]
    );
    rig.assert_no_label_has(&["acme", "beta"]);
}

/// A call with metadata before it, after it, binary and sensitive.
fn call(answer: impl Fn() -> http::Response<Body> + 'static) -> Left {
    let answer = move || Reply::response(answer());
    let mut scene = Scene::grpc(Protocol::Grpc, METHOD, answer).of_route(Route::rpc(METHOD));
    let headers = scene.request.headers_mut();
    headers.insert("x-tenant", "acme".parse().unwrap());
    headers.insert("x-key-bin", "AAEC".parse().unwrap());
    headers.insert("x-raw", HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    headers.insert(AUTHORIZATION, "Bearer secret".parse().unwrap());
    let mut sensitive = HeaderValue::from_static("sesame");
    sensitive.set_sensitive(true);
    headers.insert("x-sensitive", sensitive);
    let capture = Capture::new()
        .request(["x-tenant", "x-key-bin", "x-raw", "x-sensitive"])
        .unwrap()
        .response(["x-region"])
        .unwrap()
        .trailers(["x-cost"])
        .unwrap();
    scene.run(|builder| builder.with_trace(|trace| trace.with_captured_headers(capture)))
}

const REQUEST: [&str; 3] = [
    "rpc.request.header.x-tenant [\"acme\"]",
    "rpc.request.header.x-key-bin [\"AAEC\"]",
    "rpc.request.header.x-raw [\"//4=\"]",
];

#[test]
fn metadata_is_told_by_where_it_stood() {
    let left = call(|| {
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", "0".parse().unwrap());
        trailers.insert("x-cost", "7".parse().unwrap());
        trailers.insert("x-region", "not here".parse().unwrap());
        let mut response = rpc_answer(Protocol::Grpc, None, Body::default().data("x").trailers(trailers));
        response.headers_mut().insert("x-region", "eu".parse().unwrap());
        response
    });
    for span in [left.server, left.client] {
        let answered = ["rpc.response.header.x-region [\"eu\"]", "rpc.response.trailer.x-cost [\"7\"]"];
        assert_eq!(captured(&span), [&REQUEST[..], &answered[..]].concat());
    }
}

#[test]
fn the_head_of_a_call_without_a_message_is_its_trailers() {
    let left = call(|| {
        let mut response = rpc_answer(Protocol::Grpc, Some(5), Body::default());
        response.headers_mut().insert("x-cost", "8".parse().unwrap());
        response.headers_mut().remove(CONTENT_TYPE);
        response
    });
    for span in [left.server, left.client] {
        assert_eq!(captured(&span), [&REQUEST[..], &["rpc.response.trailer.x-cost [\"8\"]"][..]].concat());
    }
}
