use std::time::Duration;

use tonic::{Code, Request, Status};
use tower::Layer;
use tower_telemetry::Authority;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::{Rig, Server, of_line, sentence, soon};

use crate::stage::Stage;

fn line(text: &str) -> Line {
    Line { text: text.into(), number: 2 }
}

/// One call that is refused.
async fn check(text: &str, server: &str, client: &str) -> Status {
    let stage = Stage::grpc().await;
    let status = soon(stage.echo().say(line(text))).await.expect_err("a refusal");
    if !server.contains("panicked") {
        stage.note_header(status.metadata().as_ref());
    }
    stage.agree(server, client).await;
    status
}

#[tokio::test]
async fn a_good_call_is_told_the_same() {
    let stage = Stage::grpc().await;
    let response = soon(stage.echo().say(line("hello"))).await.unwrap();
    stage.note_header(response.metadata().as_ref());
    let told = "compose.v1.Echo/Say - OK - complete ok";
    stage.agree(told, told).await;
}

#[tokio::test]
async fn a_call_for_what_is_not_there_is_told_the_same() {
    let server = "compose.v1.Echo/Say - NOT_FOUND - complete caller_fault";
    check("not found", server, "compose.v1.Echo/Say - NOT_FOUND NOT_FOUND complete caller_fault").await;
}

#[tokio::test]
async fn a_call_that_fails_in_its_head_is_told_the_same() {
    let told = "compose.v1.Echo/Say - INTERNAL INTERNAL complete service_fault";
    check("internal", told, told).await;
}

#[tokio::test]
async fn a_call_that_fails_in_its_trailers_is_told_the_same() {
    let stage = Stage::grpc().await;
    let response = soon(stage.echo().count(line("break"))).await.unwrap();
    stage.note_header(response.metadata().as_ref());
    let mut lines = response.into_inner();
    assert_eq!(soon(lines.message()).await.unwrap().map(|line| line.number), Some(0));
    assert_eq!(soon(lines.message()).await.unwrap().map(|line| line.number), Some(1));
    assert_eq!(soon(lines.message()).await.unwrap_err().code(), Code::Internal);
    let told = "compose.v1.Echo/Count - INTERNAL INTERNAL complete service_fault";
    stage.agree(told, told).await;
}

#[tokio::test]
async fn a_stream_that_its_reader_leaves_is_told_the_same() {
    let stage = Stage::grpc().await;
    let response = soon(stage.echo().count(line("wait"))).await.unwrap();
    stage.note_header(response.metadata().as_ref());
    let mut lines = response.into_inner();
    assert_eq!(soon(lines.message()).await.unwrap().map(|line| line.number), Some(0));
    drop(lines);
    let told = "compose.v1.Echo/Count - CANCELLED - dropped cancelled";
    stage.agree(told, told).await;
}

#[tokio::test]
async fn a_call_that_panics_is_told_the_same() {
    let client = "compose.v1.Echo/Say - UNKNOWN tonic::transport::error::Error failed service_fault";
    check("panic", "compose.v1.Echo/Say - UNKNOWN panic panicked service_fault", client).await;
}

#[tokio::test]
async fn a_deadline_that_passes_is_told_the_same() {
    let stage = Stage::grpc().await;
    let mut request = Request::new(line("wait"));
    request.set_timeout(Duration::from_millis(50));
    soon(stage.echo().say(request)).await.expect_err("nobody answers in time");
    // To the server, the caller just went away.
    let client = "compose.v1.Echo/Say - DEADLINE_EXCEEDED DEADLINE_EXCEEDED failed service_fault";
    stage.agree("compose.v1.Echo/Say - CANCELLED - dropped cancelled", client).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_has_a_name_and_a_status() {
    let rig = Rig::new();
    let nobody = Server::nobody();
    let layer = rig.telemetry.grpc_client(Authority::new("127.0.0.1", nobody.port()));
    let channel = tonic::transport::Endpoint::try_from(format!("http://{nobody}")).unwrap().connect_lazy();
    soon(EchoClient::new(layer.layer(channel)).say(line("hello"))).await.expect_err("nobody is there");
    let told = "compose.v1.Echo/Say - UNAVAILABLE UNAVAILABLE failed service_fault";
    assert_eq!(sentence(&of_line(&rig.line_of("client"))), told);
}
