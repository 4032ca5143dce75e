//! The recommended stack of limits, within the windows: what is shed is an exchange, and is told by its limit.

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::http::StatusCode;
use axum::routing::get;
use tower::load_shed::LoadShedLayer;
use tower::{BoxError, ServiceBuilder};
use tower_telemetry::metrics::Limit;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, grpc, request, soon, until};

fn requests(rig: &Rig, admission: &str) -> f64 {
    let labels = [("limit", "one"), ("admission", admission)];
    rig.snapshot().total("tower_telemetry.limit.requests", &labels)
}

#[tokio::test]
async fn what_tonic_sheds_within_the_window_is_told() {
    let rig = Rig::new();
    let limit = Limit::with_store(rig.telemetry.store(), "one").unwrap().with_capacity(1);
    let shed = ServiceBuilder::new().layer(LoadShedLayer::new()).concurrency_limit(1).into_inner();
    let stack = ServiceBuilder::new().layer(rig.telemetry.grpc_server()).layer(limit.observe(shed));
    let server = tonic::transport::Server::builder().layer(stack.into_inner());
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let mut client = EchoClient::new(grpc(&server));
    let mut waiting = client.clone();
    let waits = tokio::spawn(async move { waiting.say(Line { text: "wait".into(), number: 0 }).await });
    until("one is behind the limit", || requests(&rig, "admitted") == 1.0).await;
    let refused = soon(client.say(Line { text: "hello".into(), number: 1 })).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::ResourceExhausted);
    assert_eq!((requests(&rig, "refused"), requests(&rig, "abandoned")), (1.0, 0.0));
    let code = [("rpc.status_code", "RESOURCE_EXHAUSTED")];
    assert_eq!(rig.snapshot().total("rpc.server.call.duration", &code), 1.0);
    waits.abort();
    rig.until_ended("server", 2).await;
    assert_eq!(rig.snapshot().total("tower_telemetry.limit.in_flight", &[]), 0.0);
}

#[tokio::test]
async fn what_axum_sheds_within_the_window_is_told() {
    let rig = Rig::new();
    let limit = Limit::with_store(rig.telemetry.store(), "one").unwrap();
    let shed = ServiceBuilder::new().layer(LoadShedLayer::new()).concurrency_limit(1).into_inner();
    let stack = ServiceBuilder::new()
        .layer(rig.telemetry.http_server())
        .layer(HandleErrorLayer::new(|_: BoxError| async { StatusCode::SERVICE_UNAVAILABLE }))
        .layer(limit.observe(shed));
    let app =
        Router::new().route("/wait", get(std::future::pending::<()>)).route("/", get(|| async { "here" }));
    let server = Server::hyper(stack.service(app.with_state(()))).await;
    let (one, other) = (Caller::of(&server), Caller::of(&server));
    let waits = tokio::spawn(async move { one.send(request(http::Method::GET, "/wait", &[])).await });
    until("one is behind the limit", || requests(&rig, "admitted") == 1.0).await;
    let refused = other.get("/").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(requests(&rig, "refused"), 1.0);
    waits.abort();
    rig.until_ended("server", 2).await;
}
