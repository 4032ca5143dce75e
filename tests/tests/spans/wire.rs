//! What a stranger sends stands nowhere that has a bound, and within its limits elsewhere.

use std::io;

use http::{HeaderValue, Method};
use opentelemetry_sdk::trace::SpanData;
use tower_telemetry::Protocol;
use tower_telemetry_testing::Reply;
use tower_telemetry_tests::attribute;

use crate::scene::{Answer, Body, Left, Scene, answer, rpc_answer};

/// In every part of the request and in the error.
const WIRE: &str = "wire7";

/// Attributes with a bounded number of values.
const BOUNDED: [&str; 11] = [
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "url.scheme",
    "url.template",
    "network.protocol.version",
    "error.type",
    "rpc.system.name",
    "rpc.method",
    "rpc.status_code",
    "tower_telemetry.ending",
];

fn assert_bounded(span: &SpanData) {
    assert!(!span.name.contains(WIRE), "{}", span.name);
    for key in BOUNDED {
        let told = attribute(span, key).unwrap_or_default();
        assert!(!told.contains(WIRE), "{key} {told}");
    }
    for told in &span.attributes {
        let length = told.value.as_str().len();
        assert!(length <= 1_024, "{} has {length} bytes", told.key);
    }
    let status = format!("{:?}", span.status);
    assert!(!status.contains(WIRE), "{status}");
}

fn hostile(scene: Scene) -> Left {
    let mut scene = scene;
    let long = format!("{WIRE}{}", "x".repeat(4_000));
    let headers = scene.request.headers_mut();
    for name in [
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "x-request-id",
    ] {
        headers.insert(name, long.parse().unwrap());
    }
    scene.run(|builder| builder)
}

fn broken() -> Answer {
    Reply::error(io::Error::other(WIRE))
}

#[test]
fn a_hostile_request_names_nothing() {
    let path = format!("/{WIRE}/{}?{WIRE}={}", "p".repeat(4_000), "q".repeat(4_000));
    let method = || Method::from_bytes(WIRE.as_bytes()).unwrap();
    for answer in [broken, || Reply::response(answer(404, Body::default()))] {
        let left = hostile(Scene::http(method(), &path, answer));
        assert_bounded(&left.server);
        assert_bounded(&left.client);
        let original = attribute(&left.server, "http.request.method_original");
        assert_eq!(original.as_deref(), Some(WIRE), "what was sent stands where the conventions have it");
    }
}

#[test]
fn a_hostile_call_names_nothing() {
    for protocol in [Protocol::Grpc, Protocol::GrpcWeb] {
        let answer = move || Reply::response(rpc_answer(protocol, Some(12), Body::default()));
        let method = format!("{WIRE}.S/{}", "m".repeat(4_000));
        let left = hostile(Scene::grpc(protocol, &method, answer));
        for span in [&left.server, &left.client] {
            assert_bounded(span);
            assert_eq!(attribute(span, "rpc.method").as_deref(), Some("_OTHER"));
            assert_eq!(attribute(span, "rpc.method_original").map(|told| told.len()), Some(1_024));
        }
    }
}

#[test]
fn a_header_that_is_no_text_is_told_as_far_as_it_is_one() {
    let ok = || Reply::response(answer(200, Body::default()));
    let mut scene = Scene::http(Method::GET, "/users/7", ok);
    let agent = HeaderValue::from_bytes(b"curl \xff").unwrap();
    scene.request.headers_mut().insert("user-agent", agent);
    let told = attribute(&scene.run(|builder| builder).server, "user_agent.original");
    assert_eq!(told.as_deref(), Some("curl \u{fffd}"));
}
