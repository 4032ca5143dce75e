//! Around clients: hyper-util's, below and above a retry, in a buffer.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::trace::SpanKind;
use tower::retry::{Policy, RetryLayer};
use tower::{BoxError, Layer, Service, ServiceBuilder, ServiceExt};
use tower_telemetry::SignalExt;
use tower_telemetry_tests::{Caller, Rig, Server, answer, attribute, request, soon};

use crate::told::told;

/// Sends again what was answered with 503.
#[derive(Debug, Clone, Copy)]
struct Again;

impl<B, E> Policy<Request<Full<Bytes>>, Response<B>, E> for Again {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Full<Bytes>>,
        result: &mut Result<Response<B>, E>,
    ) -> Option<Ready<()>> {
        let is_busy =
            result.as_ref().is_ok_and(|response| response.status() == StatusCode::SERVICE_UNAVAILABLE);
        is_busy.then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
        Some(request.clone())
    }
}

/// What a server saw of its requests: `traceparent` and `x-request-id`.
type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// A server that is busy twice.
async fn busy_twice() -> (Server, Seen) {
    let (seen, calls) = (Seen::default(), Arc::new(AtomicUsize::new(0)));
    let app = Router::new().route(
        "/",
        get({
            let seen = Arc::clone(&seen);
            move |headers: HeaderMap| async move {
                let header = |name| headers[name].to_str().unwrap().to_owned();
                seen.lock().unwrap().push((header("traceparent"), header("x-request-id")));
                let is_busy = calls.fetch_add(1, Ordering::Relaxed) < 2;
                if is_busy { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { "done".into_response() }
            }
        }),
    );
    (Server::axum(app).await, seen)
}

fn plain() -> Client<HttpConnector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Sends one request through this client, and asserts that its three attempts are three exchanges of one request.
async fn check<S, B>(rig: &Rig, client: S, server: &Server, seen: &Seen)
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    S::Error: std::fmt::Debug,
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    let request = Request::get(server.url("/")).body(Full::default()).unwrap();
    let answer = answer(soon(client.oneshot(request)).await.unwrap()).await;
    assert_eq!(answer.body, "done");
    rig.until_ended("client", 3).await;

    let spans = rig.spans_of(&SpanKind::Client);
    let ids: HashSet<_> = spans.iter().map(|span| span.span_context.span_id()).collect();
    assert_eq!(ids.len(), 3, "each attempt has a span of its own");
    let seen = seen.lock().unwrap().clone();
    let sent: Vec<_> = spans
        .iter()
        .map(|span| {
            let context = &span.span_context;
            format!("00-{}-{}-", context.trace_id(), context.span_id())
        })
        .collect();
    for (sent, (traceparent, _)) in sent.iter().zip(&seen) {
        assert!(traceparent.starts_with(sent), "the server saw {traceparent}, the span is {sent}");
    }
    let statuses: Vec<_> =
        spans.iter().map(|span| attribute(span, "http.response.status_code").unwrap()).collect();
    assert_eq!(statuses, ["503", "503", "200"]);
}

#[tokio::test]
async fn each_attempt_of_a_retry_between_two_windows_is_its_own_exchange_of_one_request() {
    let rig = Rig::new();
    let (server, seen) = busy_twice().await;
    let (ids, trace, log, metrics) = rig.telemetry.windows();
    let client = ServiceBuilder::new()
        .layer(ids.client())
        .layer(RetryLayer::new(Again))
        .layer((trace, log, metrics).client())
        .service(plain());
    check(&rig, client, &server, &seen).await;

    let ids: HashSet<_> = seen.lock().unwrap().iter().map(|(_, id)| id.clone()).collect();
    assert_eq!(ids.len(), 1, "the request id is one: {ids:?}");
    let resends: Vec<_> = rig
        .spans_of(&SpanKind::Client)
        .iter()
        .map(|span| attribute(span, "http.request.resend_count"))
        .collect();
    assert_eq!(resends, [None, Some("1".into()), Some("2".into())]);
}

#[tokio::test]
async fn each_attempt_below_a_retry_is_an_exchange() {
    let rig = Rig::new();
    let (server, seen) = busy_twice().await;
    let client = ServiceBuilder::new()
        .layer(RetryLayer::new(Again))
        .layer(rig.telemetry.http_client())
        .service(plain());
    check(&rig, client, &server, &seen).await;
}

#[tokio::test]
async fn all_attempts_inside_of_one_window_are_one_exchange() {
    let rig = Rig::new();
    let (server, seen) = busy_twice().await;
    let client = ServiceBuilder::new()
        .layer(rig.telemetry.http_client())
        .layer(RetryLayer::new(Again))
        .service(plain());
    let request = Request::get(server.url("/")).body(Full::default()).unwrap();
    answer(soon(client.oneshot(request)).await.unwrap()).await;
    assert_eq!(told(&rig, "client"), "- 200 - - complete ok");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn a_buffer_may_stand_on_either_side_of_a_client() {
    let rig = Rig::new();
    let server = Server::axum(Router::new().route("/", get(|| async { "here" }))).await;
    let outside = ServiceBuilder::new().buffer(4).layer(rig.telemetry.http_client()).service(Caller::http1());
    let inside = ServiceBuilder::new().layer(rig.telemetry.http_client()).buffer(4).service(Caller::http1());
    let url = server.url("/");
    let body = answer(soon(outside.oneshot(request(Method::GET, &url, &[]))).await.unwrap()).await.body;
    assert_eq!(body, "here");
    let body = answer(soon(inside.oneshot(request(Method::GET, &url, &[]))).await.unwrap()).await.body;
    assert_eq!(body, "here");
    rig.until_ended("client", 2).await;
    assert_eq!(rig.ended_as(&[("side", "client"), ("ending", "complete"), ("verdict", "ok")]), 2);
}

#[tokio::test]
async fn a_refused_connection_in_a_box_has_its_name() {
    let rig = Rig::new();
    let client = ServiceBuilder::new()
        .layer(rig.telemetry.http_client())
        .map_err(BoxError::from)
        .service(Caller::http1());
    let url = format!("http://{}/", Server::nobody());
    let sent = soon(client.oneshot(request(Method::GET, &url, &[]))).await;
    sent.map(drop).expect_err("nobody is there");
    assert_eq!(told(&rig, "client"), "- - - connection_refused failed service_fault");
}

#[tokio::test]
async fn a_handler_that_calls_another_service_is_its_parent() {
    let rig = Rig::new();
    let behind = Router::new().route("/stock", get(|| async { "7" }));
    let behind = Server::axum(behind.layer(rig.telemetry.http_server())).await;
    let client = rig.telemetry.http_client().layer(Caller::http1());
    let url = behind.url("/stock");
    let front = Router::new().route(
        "/",
        get(|| async move {
            let response = client.oneshot(request(Method::GET, &url, &[])).await.unwrap();
            Body::new(response.into_body())
        }),
    );
    let front = Server::axum(front.layer(rig.telemetry.http_server())).await;
    let answer = Caller::of(&front).get("/").await;
    assert_eq!(answer.body, "7");
    rig.until_ended("server", 2).await;

    let spans = rig.spans();
    let span = |name: &str, kind: SpanKind| {
        spans.iter().find(|span| span.span_kind == kind && span.name.ends_with(name)).unwrap()
    };
    let (outer, call, inner) =
        (span("/", SpanKind::Server), span("GET", SpanKind::Client), span("/stock", SpanKind::Server));
    assert_eq!(call.parent_span_id, outer.span_context.span_id());
    assert_eq!(inner.parent_span_id, call.span_context.span_id());
    let trace_ids: HashSet<_> = spans.iter().map(|span| span.span_context.trace_id()).collect();
    assert_eq!(trace_ids.len(), 1);
    let request_ids: HashSet<_> = ["server", "client"]
        .iter()
        .flat_map(|side| rig.access(side))
        .map(|line| line.text("request_id").map(str::to_owned))
        .collect();
    assert_eq!(request_ids, HashSet::from([answer.header("x-request-id").map(str::to_owned)]));
}
