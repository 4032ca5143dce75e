//! The same over gRPC: the names are those of ASCII metadata.

use std::sync::{Arc, Mutex};

use http::HeaderMap;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};
use tower::Layer;
use tower_telemetry::{Authority, Observe, Propagation, Windows};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::{Echo as Service, EchoServer};
use tower_telemetry_tests::{Echo, Rig, Server, grpc, soon};

use crate::hop::{PARENT, TRACE, traceparent};

type Client = EchoClient<Observe<tonic::transport::Channel, Windows>>;

/// Says on what it is told, and does nothing else.
struct Relay(Client);

#[tonic::async_trait]
impl Service for Relay {
    type CountStream = Streaming<Line>;
    type ChatStream = Streaming<Line>;

    async fn say(&self, request: Request<Line>) -> Result<Response<Line>, Status> {
        self.0.clone().say(request.into_inner()).await
    }

    async fn count(&self, request: Request<Line>) -> Result<Response<Streaming<Line>>, Status> {
        self.0.clone().count(request.into_inner()).await
    }

    async fn chat(&self, _: Request<Streaming<Line>>) -> Result<Response<Streaming<Line>>, Status> {
        Err(Status::unimplemented("this relay does not chat"))
    }
}

/// The metadata that a server behind a relay sees of a call with this metadata.
async fn passed_on(rig: &Rig, metadata: &[(&'static str, &str)]) -> HeaderMap {
    let seen = Arc::<Mutex<HeaderMap>>::default();
    let noting = Arc::clone(&seen);
    let note = tower::util::MapRequestLayer::new(move |request: http::Request<tonic::body::Body>| {
        *noting.lock().unwrap() = request.headers().clone();
        request
    });
    let server = tonic::transport::Server::builder().layer(note);
    let serve =
        |incoming: TcpIncoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming);
    let behind = Server::tonic(serve).await;
    let layer = rig.telemetry.grpc_client(Authority::new("127.0.0.1", behind.addr.port()));
    let relay = Relay(EchoClient::new(layer.layer(grpc(&behind))));
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    let serve =
        |incoming: TcpIncoming| { server }.add_service(EchoServer::new(relay)).serve_with_incoming(incoming);
    let front = Server::tonic(serve).await;

    let mut request = Request::new(Line { text: "hello".into(), number: 0 });
    for (name, value) in metadata {
        request.metadata_mut().append(*name, value.parse().unwrap());
    }
    soon(EchoClient::new(grpc(&front)).say(request)).await.unwrap();
    std::mem::take(&mut *seen.lock().unwrap())
}

#[tokio::test]
async fn context_and_baggage_are_metadata() {
    let rig = Rig::new();
    let parent = traceparent("03");
    let metadata = [
        ("traceparent", parent.as_str()),
        ("tracestate", "a=1"),
        ("tracestate", "b@c@d=2"),
        ("baggage", "z=1;p"),
        ("baggage", "a=%2C"),
    ];
    let seen = passed_on(&rig, &metadata).await;
    rig.until_ended("client", 1).await;
    let sent = seen["traceparent"].to_str().unwrap();
    assert!(
        sent.starts_with(&format!("00-{TRACE}-")) && sent.ends_with("-03") && !sent.contains(PARENT),
        "{sent}"
    );
    assert_eq!(seen["tracestate"], "a=1,b@c@d=2");
    assert_eq!(seen["baggage"], "z=1;p,a=%2C");
}

#[tokio::test]
async fn other_formats_are_metadata_too() {
    let list = "b3,jaeger,baggage";
    let rig = Rig::of(|builder| builder.with_propagation(Propagation::of_names(list).unwrap()));
    let b3 = format!("{TRACE}-{PARENT}-0");
    let seen = passed_on(&rig, &[("b3", &b3), ("uberctx-tenant", "7")]).await;
    let sent = seen["b3"].to_str().unwrap();
    assert!(
        sent.starts_with(&format!("{TRACE}-")) && sent.ends_with("-0") && !sent.contains(PARENT),
        "{sent}"
    );
    assert!(seen["uber-trace-id"].to_str().unwrap().starts_with(&format!("{TRACE}:")));
    assert_eq!(
        (&seen["uberctx-tenant"], &seen["baggage"]),
        (&"7".parse().unwrap(), &"tenant=7".parse().unwrap())
    );
    assert!(!seen.contains_key("traceparent"));
}

#[tokio::test]
async fn malformed_metadata_begins_a_new_trace() {
    let rig = Rig::new();
    let parent = traceparent("01");
    let seen =
        passed_on(&rig, &[("traceparent", &parent), ("traceparent", &parent), ("tracestate", "a=1")]).await;
    assert!(!seen["traceparent"].to_str().unwrap().contains(TRACE));
    assert!(!seen.contains_key("tracestate"));
}
