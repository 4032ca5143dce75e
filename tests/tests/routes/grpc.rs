use axum::body::Body;
use http::{Method, Request};
use tonic::service::Routes;
use tower::ServiceExt;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::proto::{FILE_DESCRIPTOR_SET, Line};
use tower_telemetry_tests::{Caller, Echo, Rig, Server, answer, grpc, request, soon};

const SAY: &str = "compose.v1.Echo/Say";

async fn serve(rig: &Rig) -> Server {
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
        .await
}

/// Says this line, and gives what the server's metrics count by then: method and status of each series, and how often.
async fn say(rig: &Rig, server: &Server, text: &str) -> Vec<String> {
    let calls = rig.ended_as(&[("side", "server")]);
    let _ = soon(EchoClient::new(grpc(server)).say(Line { text: text.into(), number: 0 })).await;
    rig.until_ended("server", calls + 1).await;
    counted(rig)
}

fn counted(rig: &Rig) -> Vec<String> {
    let snapshot = rig.snapshot();
    let mut counted = Vec::new();
    for method in [SAY, "_OTHER"] {
        for status in ["OK", "NOT_FOUND", "UNIMPLEMENTED", "UNAUTHENTICATED"] {
            let labels = [("rpc.method", method), ("rpc.status_code", status)];
            let count = snapshot.total("rpc.server.call.duration", &labels);
            if count > 0.0 {
                counted.push(format!("{method} {status} {count}"));
            }
        }
    }
    counted
}

#[tokio::test]
async fn a_method_of_a_descriptor_is_known_before_its_first_call() {
    let rig = Rig::of(|builder| builder.with_grpc_descriptors(FILE_DESCRIPTOR_SET).unwrap());
    let server = serve(&rig).await;
    assert_eq!(say(&rig, &server, "not found").await, ["compose.v1.Echo/Say NOT_FOUND 1"]);
}

#[tokio::test]
async fn a_method_that_nobody_declared_is_learnt_when_it_answers_ok() {
    let rig = Rig::new();
    let server = serve(&rig).await;
    assert_eq!(say(&rig, &server, "not found").await, ["_OTHER NOT_FOUND 1"]);
    assert_eq!(say(&rig, &server, "hello").await, ["compose.v1.Echo/Say OK 1", "_OTHER NOT_FOUND 1"]);
    let learnt = ["compose.v1.Echo/Say OK 1", "compose.v1.Echo/Say NOT_FOUND 1", "_OTHER NOT_FOUND 1"];
    assert_eq!(say(&rig, &server, "not found").await, learnt);
}

#[tokio::test]
async fn a_service_or_method_that_is_not_there_is_other() {
    let rig = Rig::of(|builder| builder.with_grpc_descriptors(FILE_DESCRIPTOR_SET).unwrap());
    let server = serve(&rig).await;
    let caller = Caller::http2_of(&server);
    for path in ["/no.such/Service", "/compose.v1.Echo/NoSuchMethod", "/"] {
        let answer = caller.call(request(Method::POST, path, &[("content-type", "application/grpc")])).await;
        assert_eq!(answer.header("grpc-status"), Some("12"), "{path}");
    }
    rig.until_ended("server", 3).await;
    assert_eq!(counted(&rig), ["_OTHER UNIMPLEMENTED 3"]);
    rig.assert_no_label_has(&["no.such", "NoSuchMethod"]);
}

#[tokio::test]
async fn a_call_that_an_interceptor_refuses_teaches_nothing() {
    let rig = Rig::new();
    let refuses = |_: tonic::Request<()>| Err(tonic::Status::unauthenticated("who are you?"));
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    let server = Server::tonic(|incoming| {
        { server }.add_service(EchoServer::with_interceptor(Echo, refuses)).serve_with_incoming(incoming)
    })
    .await;
    for calls in 1..=2 {
        assert_eq!(say(&rig, &server, "hello").await, [format!("_OTHER UNAUTHENTICATED {calls}")]);
    }
}

#[tokio::test]
async fn a_service_under_an_axum_router_has_its_methods_and_its_neighbours_their_routes() {
    let rig = Rig::of(|builder| builder.with_grpc_descriptors(FILE_DESCRIPTOR_SET).unwrap());
    let app = || {
        let neighbour = axum::Router::new().route("/users/{id}", axum::routing::get(|| async { "a user" }));
        Routes::new(EchoServer::new(Echo)).into_axum_router().merge(neighbour)
    };
    let inside = Server::axum(app().layer(rig.telemetry.http_server())).await;
    let around = rig.telemetry.around(app());
    let around = Server::run(|listener| axum::serve(listener, around).into_future()).await;
    assert_eq!(say(&rig, &inside, "hello").await, ["compose.v1.Echo/Say OK 1"]);
    assert_eq!(say(&rig, &around, "hello").await, ["compose.v1.Echo/Say OK 2"]);
    let missing = Caller::http2_of(&around)
        .call(request(Method::POST, "/no.such/Service", &[("content-type", "application/grpc")]))
        .await;
    assert_eq!(missing.header("grpc-status"), Some("12"));
    assert_eq!(Caller::of(&inside).get("/users/7").await.body, "a user");
    assert_eq!(Caller::of(&around).get("/users/7").await.body, "a user");
    rig.until_ended("server", 5).await;
    assert_eq!(counted(&rig), ["compose.v1.Echo/Say OK 2", "_OTHER UNIMPLEMENTED 1"]);
    let users = rig.snapshot().total("http.server.request.duration", &[("http.route", "/users/{id}")]);
    assert_eq!(users, 2.0);
    rig.assert_no_label_has(&["{*rest}", "/compose", "no.such"]);
}

#[tokio::test]
async fn a_grpc_call_that_is_none_is_http_and_has_its_route() {
    let rig = Rig::new();
    let app = Routes::new(EchoServer::new(Echo)).into_axum_router().layer(rig.telemetry.http_server());
    let plain: Request<Body> =
        request(Method::POST, "/compose.v1.Echo/Say", &[("content-type", "text/plain")]);
    answer(app.oneshot(plain).await.unwrap()).await;
    let line = rig.line_of("server");
    assert_eq!(
        (line.text("protocol"), line.text("http.route")),
        (Some("http"), Some("/compose.v1.Echo/{*rest}"))
    );
}
