use axum::Router;
use http::Method;
use tower::{Layer, ServiceExt};
use tower_telemetry::{Authority, Route};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, answer, grpc, request, soon};

#[tokio::test]
async fn the_template_of_an_outgoing_request_is_what_its_program_says() {
    let rig = Rig::new();
    let server = Server::axum(Router::new().fallback(|| async { "here" })).await;
    let client = rig.telemetry.http_client().layer(Caller::http1());
    let url = server.url("/users/text-of-the-wire");
    let mut known = request(Method::GET, &url, &[]);
    known.extensions_mut().insert(Route::template("/users/{id}"));
    for request in [known, request(Method::GET, &url, &[])] {
        answer(soon(client.clone().oneshot(request)).await.unwrap()).await;
    }
    let port = server.addr.port().to_string();
    let snapshot = rig.snapshot();
    let server = [("server.address", "127.0.0.1"), ("server.port", &port)];
    let known = [server[0], server[1], ("url.template", "/users/{id}")];
    assert_eq!(snapshot.total("http.client.request.duration", &known), 1.0);
    assert_eq!(snapshot.total("http.client.request.duration", &server), 2.0);
    rig.assert_no_label_has(&["text-of-the-wire", "url_template=\"\""]);
}

#[tokio::test]
async fn the_method_of_an_outgoing_call_is_what_the_generated_code_says() {
    let rig = Rig::new();
    let server = Server::tonic(|incoming| {
        tonic::transport::Server::builder().add_service(EchoServer::new(Echo)).serve_with_incoming(incoming)
    })
    .await;
    let target = Authority::new("echo.internal", 50_051);
    let observed = rig.telemetry.grpc_client(target).layer(grpc(&server));
    let refused = Line { text: "not found".into(), number: 0 };
    soon(EchoClient::new(observed.clone()).say(refused)).await.expect_err("as asked");

    // A call that no generated code makes is a path of anybody's.
    let mut by_hand = request(Method::POST, "/text.of.the/Wire", &[("content-type", "application/grpc")]);
    *by_hand.version_mut() = http::Version::HTTP_2;
    let by_hand = by_hand.map(tonic::body::Body::new);
    answer(soon(observed.oneshot(by_hand)).await.unwrap()).await;

    let snapshot = rig.snapshot();
    let total = |method, status| {
        let labels =
            [("rpc.method", method), ("rpc.status_code", status), ("server.address", "echo.internal")];
        snapshot.total("rpc.client.call.duration", &labels)
    };
    assert_eq!(total("compose.v1.Echo/Say", "NOT_FOUND"), 1.0);
    assert_eq!(total("_OTHER", "UNIMPLEMENTED"), 1.0);
    rig.assert_no_label_has(&["text.of.the", "Wire"]);
}
