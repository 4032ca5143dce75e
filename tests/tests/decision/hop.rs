//! A gateway and what it calls: each decides alone, and the hint makes one trace of it.

use axum::Router;
use axum::routing::get;
use http::{Method, StatusCode};
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use tower::{Layer, ServiceExt};
use tower_telemetry::Authority;
use tower_telemetry::trace::Decision;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Answer, Caller, Echo, Rig, Server, answer, attribute, grpc, request, soon};

use crate::script::rig;

/// The trace of which only the callee failed, as both processes export it.
fn assert_one_trace(gateway: &Rig, callee: &Rig) {
    let (front, call) = (gateway.span_of(&SpanKind::Server), gateway.span_of(&SpanKind::Client));
    let behind = callee.span_of(&SpanKind::Server);
    let ids = |span: &SpanData| (span.span_context.trace_id(), span.span_context.span_id());
    assert_eq!((ids(&call).0, call.parent_span_id), ids(&front));
    assert_eq!((ids(&behind).0, behind.parent_span_id), ids(&call));
    assert!(behind.parent_span_is_remote && !call.parent_span_is_remote);
    let reasons = [&front, &call, &behind].map(|span| attribute(span, "sampling.reason").unwrap());
    assert_eq!(reasons, ["hint", "hint", "error"]);
    assert!(front.start_time <= call.start_time && call.end_time <= front.end_time);
}

/// A callee that answers with this status, and a gateway that answers 200 whatever it hears.
async fn over_http(status: StatusCode) -> (Rig, Rig, Answer) {
    let (callee, gateway) = (rig(Decision::Wait), rig(Decision::Wait));
    let app = Router::new().route("/stock", get(move || async move { status }));
    let behind = Server::axum(app.layer(callee.telemetry.http_server())).await;
    let (url, client) = (behind.url("/stock"), gateway.telemetry.http_client().layer(Caller::http1()));
    let call = || async move {
        answer(client.oneshot(request(Method::GET, &url, &[])).await.unwrap()).await;
    };
    let front = Router::new().route("/orders", get(call)).layer(gateway.telemetry.http_server());
    let front = Server::axum(front).await;
    let answer = Caller::of(&front).get("/orders").await;
    assert_eq!(answer.status, 200);
    gateway.until_ended("server", 1).await;
    callee.until_ended("server", 1).await;
    (gateway, callee, answer)
}

fn timings(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all("server-timing").iter().map(|line| line.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_callee_that_fails_has_its_whole_path_kept_over_http() {
    let (gateway, callee, answer) = over_http(StatusCode::INTERNAL_SERVER_ERROR).await;
    assert_one_trace(&gateway, &callee);
    let front = gateway.span_of(&SpanKind::Server).span_context;
    let told = format!("trace;desc=00-{}-{}-03", front.trace_id(), front.span_id());
    assert_eq!(timings(&answer)[0], told, "the hint goes on to whoever called the gateway");
    assert!(timings(&answer)[1].starts_with("head;dur="));
}

#[tokio::test]
async fn what_goes_well_leaves_nothing_in_either_process() {
    let (gateway, callee, answer) = over_http(StatusCode::OK).await;
    assert!(gateway.spans().is_empty() && callee.spans().is_empty());
    // The ids are told, and that nothing is kept.
    let [told] = timings(&answer)[..] else { panic!("one line: {answer:?}") };
    assert!(told.starts_with("trace;desc=00-") && told.contains("-02, head;dur="), "{told}");
}

#[tokio::test]
async fn a_callee_that_fails_has_its_whole_path_kept_over_grpc() {
    let (callee, gateway) = (rig(Decision::Wait), rig(Decision::Wait));
    let server = tonic::transport::Server::builder().layer(callee.telemetry.grpc_server());
    let behind =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let layer = gateway.telemetry.grpc_client(Authority::new("127.0.0.1", behind.addr.port()));
    let client = EchoClient::new(layer.layer(grpc(&behind)));
    // A stream that breaks: what it says stands in its trailers.
    let call = || async move {
        let mut lines =
            { client }.count(Line { text: "break".into(), number: 2 }).await.unwrap().into_inner();
        while let Ok(Some(_)) = lines.message().await {}
    };
    let front = Router::new().route("/orders", get(call)).layer(gateway.telemetry.http_server());
    let front = Server::axum(front).await;
    assert_eq!(soon(Caller::of(&front).get("/orders")).await.status, 200);
    gateway.until_ended("server", 1).await;
    callee.until_ended("server", 1).await;
    assert_one_trace(&gateway, &callee);
}

#[tokio::test]
async fn a_callee_that_is_not_there_has_the_request_kept() {
    let gateway = rig(Decision::Wait);
    let (url, client) =
        (format!("http://{}/", Server::nobody()), gateway.telemetry.http_client().layer(Caller::http1()));
    let call = || async move {
        client.oneshot(request(Method::GET, &url, &[])).await.unwrap_err();
    };
    let front = Router::new().route("/orders", get(call)).layer(gateway.telemetry.http_server());
    Caller::of(&Server::axum(front).await).get("/orders").await;
    gateway.until_ended("server", 1).await;
    let call = gateway.span_of(&SpanKind::Client);
    assert_eq!(attribute(&call, "sampling.reason").as_deref(), Some("hint"));
    assert_eq!(call.parent_span_id, gateway.span_of(&SpanKind::Server).span_context.span_id());
}
