//! What passed in the bodies of both directions, counted around real servers and clients.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::routing::post;
use bytes::Bytes;
use http::Request;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, Service, ServiceExt};
use tower_telemetry::RequestBodyLayer;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Echo, Rig, Server, grpc, soon};

fn number(line: &tower_telemetry_tests::Line, key: &str) -> Option<u64> {
    line.get(key)?.as_u64()
}

/// An upload that announces no length: HTTP/1 sends it in chunks.
fn chunks() -> StreamBody<impl tokio_stream::Stream<Item = Result<Frame<Bytes>, Infallible>> + Unpin> {
    let frames = ["one ", "and ", "another"].map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes()))));
    StreamBody::new(tokio_stream::iter(frames))
}

#[tokio::test]
async fn an_upload_of_unknown_length_is_counted_on_both_sides() {
    let rig = Rig::new();
    let app = Router::new()
        .route("/upload", post(|body: Bytes| async move { body.len().to_string() }))
        .layer(RequestBodyLayer::new())
        .layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let client = RequestBodyLayer::new().layer(Client::builder(TokioExecutor::new()).build_http());
    let mut client = rig.telemetry.http_client().layer(client);
    let request = Request::post(server.url("/upload")).body(chunks()).unwrap();
    let response = soon(client.ready().await.unwrap().call(request)).await.unwrap();
    assert_eq!(soon(response.into_body().collect()).await.unwrap().to_bytes(), "15");
    rig.until_ended("server", 1).await;
    for side in ["server", "client"] {
        assert_eq!(number(&rig.line_of(side), "http.request.body.size"), Some(15), "{side}");
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_as_long_as_what_came() {
    let rig = Rig::new();
    let app = Router::new()
        .route(
            "/upload",
            post(|body: Body| async move { body.collect().await.map(|_| ()).map_err(|_| "cut") }),
        )
        .layer(RequestBodyLayer::new())
        .layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let mut socket = tokio::net::TcpStream::connect(server.addr).await.unwrap();
    let cut = b"POST /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 4000\r\n\r\nonly this";
    tokio::io::AsyncWriteExt::write_all(&mut socket, cut).await.unwrap();
    rig.until_begun("server", 1).await;
    drop(socket);
    rig.until_ended("server", 1).await;
    assert_eq!(number(&rig.line_of("server"), "http.request.body.size"), Some(9));
}

#[tokio::test]
async fn the_messages_of_a_call_are_counted_in_both_directions() {
    let rig = Rig::of(|builder| builder);
    let layers = tower::ServiceBuilder::new()
        .layer(rig.telemetry.grpc_server())
        .layer(RequestBodyLayer::new())
        .into_inner();
    let server = tonic::transport::Server::builder().layer(layers);
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    // A channel takes no other body than tonic's own.
    let channel = tower::ServiceBuilder::new()
        .layer(rig.telemetry.grpc_client(tower_telemetry::Authority::new("echo.internal", 443)))
        .layer(RequestBodyLayer::new())
        .map_request(|request: Request<_>| request.map(tonic::body::Body::new))
        .service(grpc(&server));
    let said = tokio_stream::iter((0..3).map(|number| Line { text: String::new(), number }));
    let mut heard = soon(EchoClient::new(channel).chat(said)).await.unwrap().into_inner();
    while soon(heard.message()).await.unwrap().is_some() {}
    rig.until_ended("server", 1).await;
    for side in ["server", "client"] {
        let line = rig.line_of(side);
        let messages = ["request_messages", "response_messages"].map(|key| number(&line, key));
        assert_eq!(messages, [Some(3), Some(3)], "{side}");
    }
    let streams = [("protocol", "grpc"), ("route", "compose.v1.Echo/Chat")];
    assert_eq!(rig.snapshot().total("tower_telemetry.stream.duration", &streams), 2.0);
    assert_eq!(rig.snapshot().total("tower_telemetry.streams.active", &[]), 0.0);
}
