//! Whom the client asked for, who it is, and who stands at the other end of the connection.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Method;
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use tower::{Layer, ServiceExt};
use tower_telemetry::{Authority, RouteTable};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, answer, attribute, grpc, request, soon};

fn told(span: &SpanData, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| attribute(span, key).unwrap_or_else(|| "-".into())).collect()
}

/// axum with `ConnectInfo`, and an observed client of hyper-util: both know their peer.
#[tokio::test]
async fn both_ends_of_an_http_connection_tell_each_other() {
    let rig = Rig::new();
    let app =
        Router::new().route("/users/{id}", get(|| async { "a user" })).layer(rig.telemetry.http_server());
    let server = Server::run(|listener| {
        axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).into_future()
    })
    .await;
    let client = rig.telemetry.http_client().layer(Caller::http1());
    let sent =
        request(Method::GET, &server.url("/users/7?x=1&sig=secret"), &[("x-forwarded-proto", "https")]);
    answer(soon(client.oneshot(sent)).await.unwrap()).await;
    rig.until_ended("client", 1).await;

    let port = server.addr.port().to_string();
    let client = rig.span_of(&SpanKind::Client);
    let keys = ["server.address", "server.port", "network.peer.address", "network.peer.port"];
    assert_eq!(told(&client, &keys), ["127.0.0.1", &port, "127.0.0.1", &port]);
    let url = format!("http://127.0.0.1:{port}/users/7?x=1&sig=REDACTED");
    assert_eq!(attribute(&client, "url.full"), Some(url));

    let span = rig.span_of(&SpanKind::Server);
    let keys = [
        "server.address",
        "server.port",
        "network.peer.address",
        "client.address",
        "url.scheme",
        "url.query",
    ];
    assert_eq!(
        told(&span, &keys),
        ["127.0.0.1", &port, "127.0.0.1", "127.0.0.1", "https", "x=1&sig=REDACTED"]
    );
    assert_ne!(attribute(&span, "network.peer.port"), None);
    assert_eq!(attribute(&span, "client.port"), None);
}

#[tokio::test]
async fn a_tonic_server_knows_its_peer_and_its_client_the_target() {
    let rig = Rig::new();
    let layer = rig.telemetry.grpc_server();
    let server = Server::tonic(|incoming| {
        tonic::transport::Server::builder()
            .layer(layer)
            .add_service(EchoServer::new(Echo))
            .serve_with_incoming(incoming)
    })
    .await;
    let target = Authority::of_target("dns:///echo.example:50051");
    let channel = rig.telemetry.grpc_client(target).layer(grpc(&server));
    let line = Line { text: "hello".into(), number: 1 };
    soon(EchoClient::new(channel).say(line)).await.unwrap();
    rig.until_ended("server", 1).await;

    let span = rig.span_of(&SpanKind::Server);
    let port = server.addr.port().to_string();
    let keys = ["server.address", "server.port", "network.peer.address", "client.address"];
    assert_eq!(told(&span, &keys), ["127.0.0.1", &port, "127.0.0.1", "-"]);
    assert_ne!(attribute(&span, "network.peer.port"), None);
    let keys = ["server.address", "server.port", "rpc.method"];
    assert_eq!(
        told(&rig.span_of(&SpanKind::Client), &keys),
        ["echo.example", "50051", "compose.v1.Echo/Say"]
    );
}

/// What a proxy tells is believed on spans; the labels of metrics take none of it but the scheme.
#[tokio::test]
async fn what_proxies_tell_stands_on_the_span_and_in_no_label() {
    let rig = Rig::new();
    let app = Router::new().route("/", get(|| async {})).layer(rig.telemetry.http_server());
    let server = Server::run(|listener| {
        axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).into_future()
    })
    .await;
    let headers = [
        (
            "forwarded",
            "for=\"[2001:db8:cafe::17]:4711\";proto=https;host=\"shop.example:8443\", for=10.0.0.1",
        ),
        ("x-forwarded-for", "192.0.2.9"),
        ("x-forwarded-host", "other.example"),
        ("x-forwarded-proto", "http"),
    ];
    Caller::of(&server).get_with("/", &headers).await;
    rig.until_ended("server", 1).await;
    let keys = ["client.address", "server.address", "server.port", "url.scheme", "network.peer.address"];
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(told(&span, &keys), ["2001:db8:cafe::17", "shop.example", "8443", "https", "127.0.0.1"]);
    rig.assert_no_label_has(&["2001:db8", "shop.example", "192.0.2.9", "other.example", "127.0.0.1"]);
    assert!(rig.page().contains("url_scheme=\"https\""), "{}", rig.page());
}

/// A request in origin form: the server is that of its `Host` header, and the URL is whole all the same.
#[tokio::test]
async fn the_url_of_a_client_is_whole_without_an_authority_in_its_target() {
    let rig = Rig::new();
    let inner = tower::service_fn(async |_: http::Request<Body>| {
        Ok::<_, std::convert::Infallible>(http::Response::new(Body::empty()))
    });
    let sent = request(Method::GET, "/a?b", &[("host", "[::1]:8080")]);
    rig.telemetry.http_client().layer(inner).oneshot(sent).await.unwrap();
    let span = rig.span_of(&SpanKind::Client);
    let keys = ["server.address", "server.port", "url.full"];
    assert_eq!(told(&span, &keys), ["::1", "8080", "http://[::1]:8080/a?b"]);
}

#[tokio::test]
async fn credentials_of_a_url_stand_nowhere() {
    let rig = Rig::new();
    let inner = tower::service_fn(async |_: http::Request<Body>| {
        Ok::<_, std::convert::Infallible>(http::Response::new(Body::empty()))
    });
    let layer = rig.telemetry.http_client().with_routes(RouteTable::new(["/a"]).unwrap());
    let sent = request(Method::GET, "http://user:pass@a.example/a?X-Amz-Signature=s3cret", &[]);
    layer.layer(inner).oneshot(sent).await.unwrap();
    let span = rig.span_of(&SpanKind::Client);
    let expected = "http://REDACTED:REDACTED@a.example/a?X-Amz-Signature=REDACTED";
    assert_eq!(attribute(&span, "url.full").as_deref(), Some(expected));
    for secret in ["pass@", "s3cret"] {
        assert!(
            !format!("{span:?}").contains(secret)
                && !rig.log().contains(secret)
                && !rig.page().contains(secret)
        );
    }
}
