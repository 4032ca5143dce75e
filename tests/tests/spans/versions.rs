//! The HTTP version is that on the wire, not that of a client's request.

use axum::Router;
use axum::routing::get;
use http::{Method, Version};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use opentelemetry::trace::SpanKind;
use tower::{Layer, ServiceExt};
use tower_telemetry_tests::{PlainClient, Rig, Server, answer, attribute, request, soon};

async fn check(client: PlainClient, asked: Version, told: &str) {
    let rig = Rig::new();
    let app = Router::new().route("/", get(|| async {})).layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let mut sent = request(Method::GET, &server.url("/"), &[]);
    *sent.version_mut() = asked;
    answer(soon(rig.telemetry.http_client().layer(client).oneshot(sent)).await.unwrap()).await;
    rig.until_ended("server", 1).await;
    for kind in [SpanKind::Server, SpanKind::Client] {
        let version = attribute(&rig.span_of(&kind), "network.protocol.version");
        assert_eq!(version.as_deref(), Some(told), "{kind:?}");
    }
    let labels = rig.page().matches(&format!("network_protocol_version=\"{told}\"")).count();
    let other = if told == "2" { "1.1" } else { "2" };
    assert!(labels > 0 && !rig.page().contains(&format!("network_protocol_version=\"{other}\"")));
}

#[tokio::test]
async fn http1_is_told_as_it_is() {
    check(Client::builder(TokioExecutor::new()).build_http(), Version::HTTP_11, "1.1").await;
}

/// The request says 1.1, as every request does that nobody has set it on.
#[tokio::test]
async fn http2_is_told_though_the_request_knows_nothing_of_it() {
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    check(client, Version::HTTP_11, "2").await;
}
