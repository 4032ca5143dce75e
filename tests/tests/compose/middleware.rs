//! Beside the layers of tower-http, on either side of them.

use std::io::Read;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Method, StatusCode};
use http_body::Frame;
use http_body_util::StreamBody;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tower_telemetry_tests::{Answer, Caller, Rig, Server, answer, request};

use crate::told::{server_told, told};

fn app() -> Router {
    Router::new()
        .route("/long", get(|| async { "0123456789".repeat(100) }))
        .route("/trailers", get(trailers))
        .route("/panic", get(panics))
        .route("/wait", get(std::future::pending::<()>))
        .route(
            "/header",
            get(|headers: HeaderMap| async move { headers["x-request-id"].clone().as_bytes().to_vec() }),
        )
}

async fn panics() {
    std::panic::resume_unwind(Box::new("as asked"))
}

async fn trailers() -> Response {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", "7".parse().unwrap());
    let data = Bytes::from("0123456789".repeat(100));
    let frames = [Ok::<_, std::io::Error>(Frame::data(data)), Ok(Frame::trailers(trailers))];
    Response::new(Body::new(StreamBody::new(stream::iter(frames))))
}

async fn get_once(app: Router, path: &str) -> Answer {
    answer(app.oneshot(request(Method::GET, path, &[])).await.unwrap()).await
}

/// A compressed answer is whole, and so is its trailer; both orders of the layers.
async fn compressed(app: Router) {
    let server = Server::axum(app).await;
    let caller = Caller::http2_of(&server);
    let long = caller.get_with("/long", &[("accept-encoding", "gzip")]).await;
    assert_eq!(long.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&long.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, "0123456789".repeat(100));

    for encoding in ["gzip", "identity"] {
        let trailers = caller.get_with("/trailers", &[("accept-encoding", encoding)]).await;
        assert_eq!(trailers.trailers.unwrap()["x-checksum"], "7", "{encoding}");
    }
}

#[tokio::test]
async fn compression_may_stand_outside() {
    let rig = Rig::new();
    compressed(app().layer(rig.telemetry.http_server()).layer(CompressionLayer::new())).await;
    rig.until_ended("server", 3).await;
    assert_eq!(rig.ended_as(&[("ending", "complete"), ("verdict", "ok")]), 3);
    for line in rig.access("server") {
        assert_eq!(line.get("http.response.body.size").unwrap(), 1_000, "bytes before compression");
    }
}

#[tokio::test]
async fn compression_may_stand_inside() {
    let rig = Rig::new();
    compressed(app().layer(CompressionLayer::new()).layer(rig.telemetry.http_server())).await;
    rig.until_ended("server", 3).await;
    assert_eq!(rig.ended_as(&[("ending", "complete"), ("verdict", "ok")]), 3);
    let sizes: Vec<_> = rig
        .access("server")
        .iter()
        .map(|line| line.get("http.response.body.size").unwrap().as_u64().unwrap())
        .collect();
    assert!(sizes[0] < 200 && sizes[1] < 200 && sizes[2] == 1_000, "bytes after compression: {sizes:?}");
}

#[tokio::test]
async fn a_panic_caught_inside_is_an_answer() {
    let rig = Rig::new();
    let app = app().layer(CatchPanicLayer::new()).layer(rig.telemetry.http_server());
    assert_eq!(get_once(app, "/panic").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(told(&rig, "server"), "/panic 500 - 500 complete service_fault");
}

#[tokio::test]
async fn a_panic_caught_outside_is_a_panic_and_an_answer() {
    let rig = Rig::new();
    let app = app().layer(rig.telemetry.http_server()).layer(CatchPanicLayer::new());
    assert_eq!(get_once(app, "/panic").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(told(&rig, "server"), "/panic - - panic panicked service_fault");
    assert_eq!(rig.in_flight(), 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_answers_is_its_answer() {
    for status in [StatusCode::REQUEST_TIMEOUT, StatusCode::GATEWAY_TIMEOUT] {
        let rig = Rig::new();
        let timeout = TimeoutLayer::with_status_code(status, Duration::from_secs(1));
        let app = app().layer(timeout).layer(rig.telemetry.http_server());
        assert_eq!(get_once(app, "/wait").await.status, status);
        let expected = if status == StatusCode::REQUEST_TIMEOUT {
            "/wait 408 - - complete caller_fault"
        } else {
            "/wait 504 - 504 complete service_fault"
        };
        assert_eq!(told(&rig, "server"), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn inside_a_timeout_that_answers_the_exchange_is_dropped() {
    let rig = Rig::new();
    let timeout = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(1));
    let app = app().layer(rig.telemetry.http_server()).layer(timeout);
    get_once(app, "/wait").await;
    assert_eq!(told(&rig, "server"), "/wait - - - dropped cancelled");
}

const PREFLIGHT: &[(&str, &str)] =
    &[("origin", "http://example.com"), ("access-control-request-method", "GET")];

#[tokio::test]
async fn a_preflight_is_told_outside_of_cors() {
    let rig = Rig::new();
    let app = app().layer(CorsLayer::permissive()).layer(rig.telemetry.http_server());
    let response = app.oneshot(request(Method::OPTIONS, "/long", PREFLIGHT)).await.unwrap();
    let answer = answer(response).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, Some("*")));
    assert_eq!(told(&rig, "server"), "/long 200 - - complete ok");
}

#[tokio::test]
async fn a_preflight_never_comes_inside_of_cors() {
    let rig = Rig::new();
    let app = app().layer(rig.telemetry.http_server()).layer(CorsLayer::permissive());
    let response = app.oneshot(request(Method::OPTIONS, "/long", PREFLIGHT)).await.unwrap();
    assert_eq!(answer(response).await.status, StatusCode::OK);
    assert_eq!(rig.begun("server"), 0);
}

#[tokio::test]
async fn a_trace_layer_may_stand_on_either_side() {
    for outside in [true, false] {
        let rig = Rig::new();
        let theirs = TraceLayer::new_for_http();
        let app = if outside {
            app().layer(rig.telemetry.http_server()).layer(theirs)
        } else {
            app().layer(theirs).layer(rig.telemetry.http_server())
        };
        let server = Server::axum(app).await;
        assert_eq!(Caller::of(&server).get("/long").await.body.len(), 1_000);
        assert_eq!(server_told(&rig).await, "/long 200 - - complete ok");
        if !outside {
            let theirs: Vec<_> = rig
                .lines()
                .into_iter()
                .filter(|line| {
                    line.text("target").is_some_and(|target| target.starts_with("tower_http::trace"))
                })
                .collect();
            assert!(!theirs.is_empty());
            let ours = rig.line_of("server");
            assert!(theirs.iter().all(|line| line.ids() == ours.ids()), "{theirs:?}");
        }
    }
}

#[tokio::test]
async fn a_request_id_that_is_set_outside_is_taken() {
    let rig = Rig::new();
    let app = app()
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(rig.telemetry.http_server())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid));
    let answer = get_once(app, "/header").await;
    let echoed = answer.header("x-request-id").unwrap();
    assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    assert_eq!(answer.body, echoed, "what the handler sees");
    assert_eq!(rig.line_of("server").text("request_id"), Some(echoed));
}

#[tokio::test]
async fn a_request_id_that_is_set_inside_does_not_replace_the_one_that_is_told() {
    let rig = Rig::new();
    let app = app()
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(rig.telemetry.http_server());
    let answer = get_once(app, "/header").await;
    assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    assert_eq!(rig.line_of("server").text("request_id"), answer.header("x-request-id"));
}
