//! Over gRPC: metadata of the head, errors included.

use tonic::metadata::MetadataMap;
use tower::Layer;
use tower_telemetry::Authority;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Echo, Rig, Server, grpc};

async fn server(rig: &Rig) -> Server {
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
        .await
}

fn text<'a>(metadata: &'a MetadataMap, key: &str) -> &'a str {
    metadata.get(key).unwrap_or_else(|| panic!("{key} in {metadata:?}")).to_str().unwrap()
}

#[tokio::test]
async fn an_answer_and_an_error_tell_the_id_and_the_time() {
    for said in ["hello", "not found", "internal"] {
        let rig = Rig::new();
        let server = server(&rig).await;
        let mut call = tonic::Request::new(Line { text: said.into(), number: 1 });
        call.metadata_mut().insert("x-request-id", "call-1".parse().unwrap());
        let metadata = match EchoClient::new(grpc(&server)).say(call).await {
            Ok(answer) => answer.metadata().clone(),
            Err(status) => status.metadata().clone(),
        };
        rig.until_ended("server", 1).await;
        assert_eq!(text(&metadata, "x-request-id"), "call-1");
        let line = rig.line_of("server");
        let [trace, span, id] = line.ids().map(Option::unwrap);
        assert_eq!(id, "call-1");
        let told = text(&metadata, "server-timing");
        assert!(told.starts_with(&format!("trace;desc=00-{trace}-{span}-03")), "{told}");
        let whole: u64 = text(&metadata, "x-response-time-ms").parse().unwrap();
        assert_eq!(whole, line.get("head_ms").unwrap().as_f64().unwrap() as u64);
    }
}

#[tokio::test]
async fn a_call_carries_the_id_of_the_request_that_it_is_made_for() {
    let (front, behind) = (Rig::new(), Rig::new());
    let callee = server(&behind).await;
    let layer = front.telemetry.grpc_client(Authority::new("127.0.0.1", callee.addr.port()));
    let client = EchoClient::new(layer.layer(grpc(&callee)));
    let call = || async move {
        { client }.say(Line { text: "hello".into(), number: 1 }).await.unwrap();
    };
    let app = axum::Router::new().route("/", axum::routing::get(call)).layer(front.telemetry.http_server());
    let app = Server::axum(app).await;
    let answer = tower_telemetry_tests::Caller::of(&app).get_with("/", &[("x-request-id", "order-1")]).await;
    assert_eq!(answer.header("x-request-id"), Some("order-1"));
    behind.until_ended("server", 1).await;
    // The subscriber of the thread is the later one's.
    assert_eq!(behind.line_saying("inside the call").ids()[2], Some("order-1"));
}
