//! tonic: `Server::layer`, around a `Channel`, and on both sides of an interceptor.

use tokio_stream::StreamExt;
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Status};
use tower::{Layer, ServiceBuilder};
use tower_http::compression::CompressionLayer;
use tower_telemetry::Authority;
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Echo, Rig, Server, grpc, soon};

use crate::told::{server_told, told};

fn hello() -> Line {
    Line { text: "hello".into(), number: 3 }
}

#[allow(clippy::result_large_err, reason = "tonic's interceptors are so")]
fn signs(mut request: Request<()>) -> Result<Request<()>, Status> {
    request.metadata_mut().insert("x-signed", "yes".parse().unwrap());
    Ok(request)
}

#[allow(clippy::result_large_err, reason = "tonic's interceptors are so")]
fn wants_it_signed(request: Request<()>) -> Result<Request<()>, Status> {
    match request.metadata().get("x-signed") {
        Some(_) => Ok(request),
        None => Err(Status::unauthenticated("sign it")),
    }
}

/// A server whose interceptor wants calls to be signed.
async fn signed(rig: &Rig) -> Server {
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    Server::tonic(|incoming| {
        { server }
            .add_service(EchoServer::with_interceptor(Echo, wants_it_signed))
            .serve_with_incoming(incoming)
    })
    .await
}

const TARGET: Authority = Authority::new("echo.internal", 443);

#[tokio::test]
async fn an_interceptor_may_stand_outside_of_an_observed_channel() {
    let rig = Rig::new();
    let server = signed(&rig).await;
    let channel = rig.telemetry.grpc_client(TARGET).layer(grpc(&server));
    soon(EchoClient::with_interceptor(channel, signs).say(hello())).await.unwrap();
    assert_eq!(server_told(&rig).await, "compose.v1.Echo/Say - OK - complete ok");
    assert_eq!(told(&rig, "client"), "compose.v1.Echo/Say - OK - complete ok");
}

#[tokio::test]
async fn an_interceptor_may_stand_inside_of_an_observed_channel() {
    let rig = Rig::new();
    let server = signed(&rig).await;
    let channel = InterceptedService::new(grpc(&server), signs);
    let channel = ServiceBuilder::new().layer(rig.telemetry.grpc_client(TARGET)).service(channel);
    soon(EchoClient::new(channel).say(hello())).await.unwrap();
    assert_eq!(server_told(&rig).await, "compose.v1.Echo/Say - OK - complete ok");
    assert_eq!(told(&rig, "client"), "compose.v1.Echo/Say - OK - complete ok");
}

#[tokio::test]
async fn a_refusal_of_an_interceptor_is_told_on_both_sides() {
    let rig = Rig::new();
    let server = signed(&rig).await;
    let channel = rig.telemetry.grpc_client(TARGET).layer(grpc(&server));
    soon(EchoClient::new(channel).say(hello())).await.expect_err("it is not signed");
    assert_eq!(server_told(&rig).await, "_OTHER - UNAUTHENTICATED - complete caller_fault");
    let client = "compose.v1.Echo/Say - UNAUTHENTICATED UNAUTHENTICATED complete caller_fault";
    assert_eq!(told(&rig, "client"), client);
}

#[tokio::test]
async fn a_layer_around_one_intercepted_service_sees_what_the_interceptor_refuses() {
    let rig = Rig::new();
    let service = InterceptedService::new(EchoServer::new(Echo), wants_it_signed);
    let service = NamedLayer(rig.telemetry.grpc_server().layer(service));
    let server = Server::tonic(|incoming| {
        tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming)
    })
    .await;
    soon(EchoClient::new(grpc(&server)).say(hello())).await.expect_err("it is not signed");
    assert_eq!(server_told(&rig).await, "_OTHER - UNAUTHENTICATED - complete caller_fault");
}

/// tonic asks a service for its name, which a layer of tower takes away.
#[derive(Clone)]
struct NamedLayer<S>(S);

impl<S> tonic::server::NamedService for NamedLayer<S> {
    const NAME: &'static str = "compose.v1.Echo";
}

impl<S: tower::Service<Q>, Q> tower::Service<Q> for NamedLayer<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Q) -> S::Future {
        self.0.call(request)
    }
}

#[tokio::test]
async fn streams_in_both_directions_go_through() {
    let rig = Rig::new();
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let channel = rig.telemetry.grpc_client(TARGET).layer(grpc(&server));
    let said = tokio_stream::iter((0..3).map(|number| Line { text: String::new(), number }));
    let heard = soon(EchoClient::new(channel).chat(said)).await.unwrap().into_inner();
    let heard: Vec<u32> = soon(heard.map(|line| line.unwrap().number).collect()).await;
    assert_eq!(heard, [0, 1, 2]);
    assert_eq!(server_told(&rig).await, "compose.v1.Echo/Chat - OK - complete ok");
    assert_eq!(told(&rig, "client"), "compose.v1.Echo/Chat - OK - complete ok");
}

#[tokio::test]
async fn compression_around_a_grpc_service_keeps_its_trailers() {
    for outside in [true, false] {
        let rig = Rig::new();
        let routes = tonic::service::Routes::new(EchoServer::new(Echo)).into_axum_router();
        let (ours, theirs) = (rig.telemetry.grpc_server(), CompressionLayer::new());
        let app = if outside { routes.layer(ours).layer(theirs) } else { routes.layer(theirs).layer(ours) };
        let server = Server::axum(app).await;
        let mut client = EchoClient::new(
            ServiceBuilder::new()
                .map_request(|mut request: http::Request<tonic::body::Body>| {
                    request.headers_mut().insert("accept-encoding", "gzip".parse().unwrap());
                    request
                })
                .service(grpc(&server)),
        );
        let breaks = Line { text: "break".into(), number: 1 };
        let mut lines = soon(client.count(breaks)).await.unwrap().into_inner();
        assert_eq!(soon(lines.message()).await.unwrap().unwrap().number, 0);
        assert_eq!(soon(lines.message()).await.unwrap_err().code(), tonic::Code::Internal);
        assert_eq!(server_told(&rig).await, "_OTHER - INTERNAL INTERNAL complete service_fault");
    }
}

#[tokio::test]
async fn a_concurrency_limit_of_tonic_stands_outside() {
    let rig = Rig::new();
    let server = tonic::transport::Server::builder()
        .concurrency_limit_per_connection(4)
        .load_shed(true)
        .layer(rig.telemetry.grpc_server());
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    soon(EchoClient::new(grpc(&server)).say(hello())).await.unwrap();
    assert_eq!(server_told(&rig).await, "compose.v1.Echo/Say - OK - complete ok");
}
