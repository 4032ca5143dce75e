//! Which attributes the conventions want on which span, one row for each.

use std::collections::HashSet;

use opentelemetry_sdk::trace::SpanData;
use tower_telemetry_tests::attribute;

/// When an attribute has to be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    Always,
    /// The response head was made or received.
    Answered,
    /// The span is in error.
    Failed,
    /// The span tells this attribute too, or an unknown value of it.
    With(&'static str),
    /// A known route, which the name tells.
    Routed,
    /// The method is not a known one.
    OtherMethod(&'static str),
    Never,
}
use Wanted::{Always, Answered, Failed, Never, OtherMethod, Routed, With};

/// attribute, HTTP server, HTTP client, gRPC server, gRPC client.
const TABLE: &[(&str, [Wanted; 4])] = &[
    ("http.request.method", [Always, Always, Never, Never]),
    (
        "http.request.method_original",
        [OtherMethod("http.request.method"), OtherMethod("http.request.method"), Never, Never],
    ),
    ("url.scheme", [Always, Never, Never, Never]),
    ("url.path", [Always, Never, Never, Never]),
    ("url.full", [Never, Always, Never, Never]),
    ("http.route", [Routed, Never, Never, Never]),
    ("url.template", [Never, Routed, Never, Never]),
    ("http.response.status_code", [Answered, Answered, Never, Never]),
    ("error.type", [Failed, Failed, Failed, Failed]),
    ("server.address", [Always, Always, Always, Always]),
    ("server.port", [Always, Always, Always, Always]),
    ("network.protocol.name", [Never, Never, Never, Never]),
    ("network.protocol.version", [Always, Answered, Never, Never]),
    ("network.peer.address", [Always, Answered, Always, Answered]),
    ("network.peer.port", [Always, With("network.peer.address"), Always, With("network.peer.address")]),
    ("network.transport", [Never, Never, Never, Never]),
    ("client.address", [Always, Never, Never, Never]),
    ("client.port", [Never, Never, Never, Never]),
    ("user_agent.original", [Always, Never, Never, Never]),
    ("http.request.body.size", [Never, Never, Never, Never]),
    ("http.response.body.size", [Never, Never, Never, Never]),
    ("rpc.system.name", [Never, Never, Always, Always]),
    ("rpc.method", [Never, Never, Always, Always]),
    ("rpc.method_original", [Never, Never, OtherMethod("rpc.method"), OtherMethod("rpc.method")]),
    ("rpc.status_code", [Never, Never, Always, Always]),
    // What the conventions have given up.
    ("rpc.system", [Never, Never, Never, Never]),
    ("rpc.service", [Never, Never, Never, Never]),
    ("rpc.grpc.status_code", [Never, Never, Never, Never]),
    ("http.method", [Never, Never, Never, Never]),
    ("http.status_code", [Never, Never, Never, Never]),
];

/// Compares a span with the table; its status, times and ids are the scene's matter.
pub(crate) fn check(side: &str, span: &SpanData) {
    let has = |key| attribute(span, key).is_some();
    let is_grpc = has("rpc.system.name");
    let column = usize::from(is_grpc) * 2 + usize::from(side == "client");
    // A head was seen, as the scene's answers tell it: each has a peer.
    let is_answered = match column {
        3 => has("network.peer.address"),
        _ => has("http.response.status_code"),
    };
    let is_routed = span.name.contains("/users/{id}");
    for (key, levels) in TABLE {
        let is_wanted = match levels[column] {
            Always => true,
            Never => false,
            Answered => is_answered,
            Routed => is_routed,
            With(other) => has(other),
            OtherMethod(other) => attribute(span, other).as_deref() == Some("_OTHER"),
            Failed => matches!(span.status, opentelemetry::trace::Status::Error { .. }),
        };
        assert_eq!(has(key), is_wanted, "{key} on the span of a {side}: {:#?}", span.attributes);
    }
    let keys: HashSet<_> = span.attributes.iter().map(|attribute| &attribute.key).collect();
    assert_eq!(keys.len(), span.attributes.len(), "no key stands twice: {:#?}", span.attributes);
    assert!(span.events.is_empty(), "exceptions are log records: {:#?}", span.events);
    assert_eq!(span.dropped_attributes_count, 0);
    assert_eq!(span.instrumentation_scope.schema_url(), Some("https://opentelemetry.io/schemas/1.45.0"));
}
