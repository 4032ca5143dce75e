//! Callers over gRPC.

use axum::body::Body;
use http::{HeaderValue, Method, Request};
use tower_telemetry::TelemetryBuilder;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, request};

use super::{UNSPEAKABLE, assert_one_id, assert_unharmed, raw, unfit};

async fn server(rig: &Rig) -> Server {
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
        .await
}

/// A call of one empty message with this id.
fn say(id: &[u8]) -> Request<Body> {
    let mut call = request(Method::POST, "/compose.v1.Echo/Say", &[("content-type", "application/grpc")]);
    call.headers_mut().insert("te", HeaderValue::from_static("trailers"));
    call.headers_mut().insert("x-request-id", HeaderValue::from_bytes(id).unwrap());
    *call.body_mut() = Body::from(vec![0; 5]);
    call
}

#[tokio::test]
async fn an_unfit_id_is_answered_with_another() {
    for build in [(|builder| builder) as fn(TelemetryBuilder) -> TelemetryBuilder, TelemetryBuilder::public] {
        for id in unfit() {
            let rig = Rig::of(build);
            let server = server(&rig).await;
            let answer = Caller::http2_of(&server).call(say(&id)).await;
            assert_eq!(answer.trailers.unwrap()["grpc-status"], "0");
            rig.until_ended("server", 1).await;
            let ids: Vec<_> =
                answer.headers.get_all("x-request-id").iter().map(|id| id.to_str().unwrap()).collect();
            assert_one_id(&rig, &ids);
            assert_unharmed(&rig);
        }
    }
}

#[tokio::test]
async fn what_no_metadata_can_hold_is_refused_on_the_wire_and_harms_nobody() {
    let rig = Rig::new();
    let server = server(&rig).await;
    for id in UNSPEAKABLE {
        let kinds = raw::call(&server, &raw::grpc(id)).await;
        assert!(!kinds.is_empty(), "the caller is answered");
        assert_unharmed(&rig);
    }
    let fine = raw::call(&server, &raw::grpc(b"fine-1")).await;
    assert!(fine.contains(&1), "the frames are those of a call: {fine:?}");
    rig.until_ended("server", 1).await;
    assert_eq!(rig.line_of("server").ids()[2], Some("fine-1"));
    let answer = Caller::http2_of(&server).call(say(b"fine-2")).await;
    assert_eq!(answer.header("x-request-id"), Some("fine-2"));
}
