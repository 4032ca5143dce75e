//! What an access line tells of the bodies of its exchange.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use http::{Request, Response, header};
use support::{Line, one};
use tower::Layer;
use tower_telemetry_core::{RequestBodyLayer, SignalExt};
use tower_telemetry_log::LogContext;
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, read_body, run};

/// The line of a request of this type, whose answer is this body.
fn line(content_type: &'static str, body: ScriptedBody) -> Line {
    let inner: Scripted = Scripted::new([Reply::response(Response::new(body))]);
    let mut service = LogContext::new().server().layer(RequestBodyLayer::new().layer(inner));
    let request = Request::builder()
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_LENGTH, 42)
        .body(ScriptedBody::new())
        .unwrap();
    one(|| {
        let response = run(call(&mut service, request)).unwrap().unwrap();
        read_body(Box::pin(response.into_body()).as_mut());
    })
}

#[test]
fn an_access_line_tells_the_bodies_of_http_by_their_size() {
    let line = line("text/plain", ScriptedBody::new().data("seven b"));
    // Nobody read the request: what passed counts, and not what was announced.
    assert_eq!(
        (line.json("http.request.body.size"), line.json("http.response.body.size")),
        ("0".into(), "7".into())
    );
    assert_eq!(
        (line.json("request_messages"), line.json("response_messages")),
        (String::new(), String::new())
    );
}

#[test]
fn an_access_line_tells_the_messages_of_grpc() {
    let line = line("application/grpc", ScriptedBody::new().data("\0\0\0\0\x02hi\0\0\0\0\0"));
    assert_eq!((line.json("request_messages"), line.json("response_messages")), ("0".into(), "2".into()));
    assert_eq!(line.json("http.request.body.size"), "");
}
