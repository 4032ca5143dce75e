//! `Telemetry::test` around axum and tonic, and what its assertions say when they fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use http::StatusCode;
use tower::ServiceBuilder;
use tower_telemetry::{Authority, InExchange, Telemetry, TestTelemetry};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Server, grpc, soon};
use tracing::instrument::WithSubscriber;

async fn user(Path(id): Path<u32>) -> Result<String, StatusCode> {
    tracing::info!(user = id, "looked up");
    tokio::spawn(async { tracing::info!("in a task") }.in_exchange()).await.unwrap();
    if id == 0 { Err(StatusCode::NOT_FOUND) } else { Ok(format!("user {id}")) }
}

async fn serve(telemetry: &Telemetry) -> Server {
    Server::axum(Router::new().route("/users/{id}", get(user)).layer(telemetry.http_server())).await
}

#[tokio::test]
async fn an_axum_service_is_asserted_on_by_span_metric_and_line() {
    let telemetry = Telemetry::test();
    let server = serve(&telemetry).await;
    let caller = Caller::of(&server);
    caller.get("/users/7").await;
    telemetry.settled().await;

    let span = telemetry.span("GET /users/{id}");
    span.has("http.response.status_code", 200).has("http.route", "/users/{id}").has_no("error.type");
    assert_eq!((span.kind(), span.is_error(), span.parent_span_id()), ("server", false, None));
    let durations = telemetry.metric("http_server_request_duration_seconds");
    durations.has_count(1);
    durations.clone().with("http_route", "/users/{id}").with("http.response.status_code", 200).has_count(1);
    durations.with("http_route", "/orders").has_count(0);
    telemetry.metric("tower_telemetry_exchanges_ended_total").with("ending", "complete").has_value(1.0);
    telemetry.line("looked up").has("user", 7).has("trace_id", span.trace_id()).has_no("linked_trace_id");
    telemetry.line("in a task").has("span_id", span.span_id());
    assert!(telemetry.lines().len() >= 3);

    caller.get("/users/0").await;
    telemetry.settled().await;
    assert_eq!(telemetry.spans().len(), 2);
    telemetry.metric("http.server.request.duration").with("http.response.status_code", 404).has_count(1);
}

#[tokio::test]
async fn a_tonic_service_and_its_client_are_one_trace() {
    let telemetry = Telemetry::test();
    let server = tonic::transport::Server::builder().layer(telemetry.grpc_server());
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let layer = telemetry.grpc_client(Authority::new("echo", 50051));
    let channel = ServiceBuilder::new().layer(layer).service(grpc(&server));
    let mut client = EchoClient::new(channel);
    soon(client.say(Line { text: "hello".into(), number: 0 })).await.unwrap();
    soon(client.say(Line { text: "internal".into(), number: 0 })).await.unwrap_err();
    telemetry.settled().await;

    let spans = telemetry.spans();
    let failed = spans.iter().filter(|span| span.is_error()).collect::<Vec<_>>();
    let [server, client] = failed[..] else { panic!("{spans:?}") };
    assert_eq!((server.kind(), client.kind()), ("server", "client"));
    server.is_child_of(client).has("rpc.status_code", "INTERNAL").has("error.type", "INTERNAL");
    telemetry.metric("rpc.server.call.duration").with("rpc.status_code", "OK").has_count(1);
    telemetry.metric("rpc.client.call.duration").has_count(2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_many_threads_the_dispatcher_takes_the_lines_along() {
    let telemetry = Telemetry::test();
    let task = async { tracing::info!("elsewhere") }.with_subscriber(telemetry.dispatch());
    tokio::spawn(task).await.unwrap();
    assert_eq!(telemetry.line("elsewhere").field("service.name").as_deref(), Some("test"));
}

/// Beside each other, on as many threads: each hears itself alone.
#[test]
fn tests_that_run_beside_each_other_do_not_hear_each_other() {
    std::thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let telemetry = Telemetry::test();
                    let server = serve(&telemetry).await;
                    for _ in 0..=number {
                        Caller::of(&server).get("/users/7").await;
                    }
                    telemetry.settled().await;
                    assert_eq!(telemetry.spans().len(), number + 1);
                    telemetry.metric("http.server.request.duration").has_count(number as u64 + 1);
                    let heard = telemetry.lines().iter().filter(|line| line.message() == "looked up").count();
                    assert_eq!(heard, number + 1);
                });
            });
        }
    });
}

#[track_caller]
fn complaint(telemetry: &TestTelemetry, assertion: impl FnOnce(&TestTelemetry)) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| assertion(telemetry))).expect_err("it should have failed");
    panic.downcast_ref::<String>().expect("a sentence").clone()
}

#[tokio::test]
async fn an_assertion_that_fails_says_what_there_is_instead() {
    let telemetry = Telemetry::test();
    let server = serve(&telemetry).await;
    Caller::of(&server).get("/users/7").await;
    telemetry.settled().await;

    let missing = complaint(&telemetry, |telemetry| drop(telemetry.span("GET /orders")));
    assert!(missing.contains("\"GET /orders\"") && missing.contains("\"GET /users/{id}\""), "{missing}");
    let other = complaint(&telemetry, |telemetry| {
        telemetry.span("GET /users/{id}").has("http.response.status_code", 404);
    });
    assert!(
        other.contains("=\"200\", not \"404\"") && other.contains("http.route=\"/users/{id}\""),
        "{other}"
    );
    let absent = complaint(&telemetry, |telemetry| {
        telemetry.span("GET /users/{id}").has("error.type", "500");
    });
    assert!(absent.contains("no error.type"), "{absent}");
    let counted = complaint(&telemetry, |telemetry| {
        telemetry.metric("http.server.request.duration").with("http.route", "/x").has_count(1);
    });
    assert!(
        counted.contains("counts 0, not 1") && counted.contains("http.route=\"/users/{id}\""),
        "{counted}"
    );
    let unknown = complaint(&telemetry, |telemetry| drop(telemetry.metric("http_requests_total")));
    assert!(unknown.contains("http.server.request.duration"), "{unknown}");
    let silent = complaint(&telemetry, |telemetry| drop(telemetry.line("never said")));
    assert!(silent.contains("\"looked up\""), "{silent}");
    let field = complaint(&telemetry, |telemetry| {
        telemetry.line("looked up").has("user", 8);
    });
    assert!(field.contains("user=\"7\", not \"8\""), "{field}");
}
