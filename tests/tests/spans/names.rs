//! Names by a closure, and routes that are learnt late.

use axum::Router;
use axum::routing::get;
use http::Method;
use opentelemetry::trace::SpanKind;
use tower_telemetry::trace::SpanNaming;
use tower_telemetry::{Carry, Protocol, Route, current};
use tower_telemetry_testing::Reply;
use tower_telemetry_tests::{Caller, Rig, Server, attribute, soon};

use crate::scene::{Body, Scene, answer};

#[test]
fn a_name_of_ones_own_is_made_of_closed_values() {
    let naming = SpanNaming::custom(|named| {
        assert_eq!(named.protocol, Protocol::Http);
        let route = named.route.as_str().unwrap_or("unmatched");
        format!("{} {} {route}", named.side.as_str(), named.method).into()
    });
    let ok = || Reply::response(answer(200, Body::default()));
    let scene = Scene::http(Method::from_bytes(b"PROPFIND").unwrap(), "/users/7", ok);
    let left = scene.run(|builder| builder.with_span_naming(naming));
    assert_eq!(left.server.name, "server _OTHER /users/{id}");
    assert_eq!(left.client.name, "client _OTHER unmatched");
}

/// A handler may tell the route as late as in a task of its own; the span is named when it ends.
#[tokio::test]
async fn a_route_that_is_told_late_names_the_span() {
    let rig = Rig::new();
    let app = Router::new().fallback(get(|| async {
        let late = async { current().expect("an exchange").set_route(Route::template("/late/{id}")) };
        tokio::spawn(late.carry()).await.expect("a task");
    }));
    let server = Server::axum(app.layer(rig.telemetry.http_server())).await;
    soon(Caller::of(&server).get("/late/7")).await;
    rig.until_ended("server", 1).await;
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(span.name, "GET /late/{id}");
    assert_eq!(attribute(&span, "http.route").as_deref(), Some("/late/{id}"));
    assert_eq!(rig.line_of("server").text("http.route"), Some("/late/{id}"));
    assert!(rig.page().contains("http_route=\"/late/{id}\""), "{}", rig.page());
}
