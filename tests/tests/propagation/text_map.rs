//! The propagator for carriers that are no request, inside an exchange.

use std::collections::HashMap;

use axum::routing::get;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::SpanKind;
use tower_telemetry::{Propagation, TextMap};
use tower_telemetry_tests::{Caller, Rig, Server};

use crate::hop::{TRACE, traceparent};

#[tokio::test]
async fn a_message_continues_the_exchange_to_the_letter() {
    let rig = Rig::new();
    let send = || async {
        let mut message = HashMap::<String, String>::new();
        TextMap::from(Propagation::default()).inject(&mut message);
        format!("{} {} {}", message["traceparent"], message["tracestate"], message["baggage"])
    };
    let app = axum::Router::new().route("/", get(send)).layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let parent = traceparent("03");
    let headers = [("traceparent", &*parent), ("tracestate", "a@b@c=1"), ("baggage", "k=v;p")];
    let answer = Caller::of(&server).get_with("/", &headers).await;
    rig.until_ended("server", 1).await;
    let span = rig.span_of(&SpanKind::Server).span_context.span_id();
    assert_eq!(answer.body, format!("00-{TRACE}-{span}-03 a@b@c=1 k=v;p"));
}
