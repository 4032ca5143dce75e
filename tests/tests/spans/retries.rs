//! A request that is sent again: a span for each attempt, with its ordinal.

use std::collections::HashSet;
use std::future::{Ready, ready};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Method, Request, StatusCode};
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use tower::retry::{Policy, Retry, RetryLayer};
use tower::{Layer, Service, ServiceExt};
use tower_telemetry::{Observe, SignalExt, Windows};
use tower_telemetry_tests::{Caller, PlainClient, Rig, Server, answer, attribute, request, soon};

type Observed = Observe<PlainClient, Windows>;

/// Sends again whatever failed, twice at most.
#[derive(Clone)]
struct Twice(u8);

impl<B, E> Policy<Request<Body>, http::Response<B>, E> for Twice {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Body>,
        result: &mut Result<http::Response<B>, E>,
    ) -> Option<Ready<()>> {
        let is_failed = result.as_ref().is_ok_and(|response| response.status().is_server_error());
        self.0 = self.0.checked_sub(1).filter(|_| is_failed)?;
        Some(ready(()))
    }

    fn clone_request(&mut self, request: &Request<Body>) -> Option<Request<Body>> {
        let mut again = Request::new(Body::empty());
        *again.method_mut() = request.method().clone();
        *again.uri_mut() = request.uri().clone();
        *again.headers_mut() = request.headers().clone();
        *again.extensions_mut() = request.extensions().clone();
        Some(again)
    }
}

/// Three attempts at a server that always refuses, and their spans in order.
async fn attempts<S, B>(rig: &Rig, stack: impl FnOnce(Retry<Twice, Observed>) -> S) -> Vec<SpanData>
where
    S: Service<Request<Body>, Response = http::Response<B>>,
    S::Error: std::fmt::Debug,
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    let app = Router::new()
        .route("/", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let inner = rig.telemetry.http_client().layer(Caller::http1());
    let service = stack(RetryLayer::new(Twice(2)).layer(inner));
    let response = soon(service.oneshot(request(Method::GET, &server.url("/"), &[]))).await.unwrap();
    assert_eq!(answer(response).await.status, StatusCode::SERVICE_UNAVAILABLE);
    rig.until_ended("server", 3).await;

    let mut clients = rig.spans_of(&SpanKind::Client);
    clients.sort_by_key(|span| span.start_time);
    assert_eq!(clients.len(), 3);
    for span in &clients {
        assert_eq!(span.status, Status::error(""));
        assert_eq!(attribute(span, "error.type").as_deref(), Some("503"));
    }
    let ids: HashSet<_> = clients.iter().map(|span| span.span_context.span_id()).collect();
    let parents: HashSet<_> =
        rig.spans_of(&SpanKind::Server).iter().map(|span| span.parent_span_id).collect();
    assert_eq!(ids, parents, "each attempt is the parent of what it called");
    clients
}

fn ordinals(spans: &[SpanData]) -> Vec<Option<String>> {
    spans.iter().map(|span| attribute(span, "http.request.resend_count")).collect()
}

/// A retry copies the request before it is sent, so what stands below it alone sees requests that have nothing in
/// common.
#[tokio::test]
async fn each_attempt_below_a_retry_has_a_span_of_its_own() {
    let rig = Rig::new();
    let spans = attempts(&rig, |retry| retry).await;
    assert_eq!(ordinals(&spans), [None, None, None]);
}

/// A layer above the retry, if only an empty one, gives all attempts one ticket.
#[tokio::test]
async fn attempts_have_their_ordinal_where_a_layer_stands_above_the_retry() {
    let rig = Rig::new();
    let spans = attempts(&rig, |retry| ().client().layer(retry)).await;
    assert_eq!(ordinals(&spans), [None, Some("1".into()), Some("2".into())]);
}
