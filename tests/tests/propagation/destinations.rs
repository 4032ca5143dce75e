//! Context and baggage go to allowed servers alone.

use std::sync::{Arc, Mutex};

use axum::Router;
use http::{HeaderMap, Method};
use tower::{Layer, ServiceExt};
use tower_telemetry::{Authority, Destinations, Propagation};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, answer, grpc, request, soon};

const STALE: [(&str, &str); 3] = [
    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ("tracestate", "a=1"),
    ("baggage", "secret=1"),
];

/// The headers that a server sees of a request which its program copied from a caller.
async fn seen(rig: &Rig) -> HeaderMap {
    let seen = Arc::<Mutex<HeaderMap>>::default();
    let noting = Arc::clone(&seen);
    let behind = Router::new().fallback(move |headers: HeaderMap| async move {
        *noting.lock().unwrap() = headers;
    });
    let behind = Server::axum(behind).await;
    let client = rig.telemetry.http_client().layer(Caller::http1());
    let request = request(Method::GET, &behind.url("/"), &STALE);
    answer(soon(client.oneshot(request)).await.unwrap()).await;
    std::mem::take(&mut *seen.lock().unwrap())
}

#[tokio::test]
async fn a_server_that_is_allowed_is_told() {
    let rig = Rig::of(|builder| builder.with_allowed_hosts(["127.0.0.1"]));
    let headers = seen(&rig).await;
    assert_ne!(headers["traceparent"], STALE[0].1, "the context of the call, in place of what stood there");
    assert!(!headers.contains_key("tracestate") && !headers.contains_key("baggage"), "{headers:?}");
}

#[tokio::test]
async fn another_server_is_told_nothing_not_even_what_the_program_copied() {
    let rig = Rig::of(|builder| builder.with_allowed_hosts(["orders.internal", "*.0.0.1.example"]));
    let headers = seen(&rig).await;
    for (name, _) in STALE {
        assert!(!headers.contains_key(name), "{headers:?}");
    }
    rig.until_ended("client", 1).await;
    assert_eq!(rig.spans().len(), 1, "the call has a span all the same");
}

#[tokio::test]
async fn a_closure_may_allow() {
    let told = |host: &'static str| async move {
        let destinations = Destinations::by(move |asked| asked == host);
        let rig = Rig::of(|builder| {
            builder.with_propagation(Propagation::default().with_destinations(destinations))
        });
        seen(&rig).await.contains_key("traceparent")
    };
    assert!(told("127.0.0.1").await);
    assert!(!told("localhost").await);
}

#[tokio::test]
async fn the_target_of_a_channel_is_what_counts() {
    for (host, is_told) in [("inventory.internal", true), ("elsewhere.example", false)] {
        let rig = Rig::of(|builder| builder.with_allowed_hosts(["*.internal"]));
        let seen = Arc::<Mutex<HeaderMap>>::default();
        let noting = Arc::clone(&seen);
        let note = tower::util::MapRequestLayer::new(move |request: http::Request<tonic::body::Body>| {
            *noting.lock().unwrap() = request.headers().clone();
            request
        });
        let server = tonic::transport::Server::builder().layer(note);
        let server = Server::tonic(|incoming| {
            { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming)
        })
        .await;
        let layer = rig.telemetry.grpc_client(Authority::new(host, 50051));
        let mut client = EchoClient::new(layer.layer(grpc(&server)));
        soon(client.say(Line { text: "hello".into(), number: 0 })).await.unwrap();
        assert_eq!(seen.lock().unwrap().contains_key("traceparent"), is_told, "{host}");
    }
}
