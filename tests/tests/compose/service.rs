//! axum and hyper-util, with the layer inside a router, around it, and in a stack around it.

use axum::Router;
use axum::routing::get;
use tower::ServiceBuilder;
use tower_telemetry::RouteLayer;
use tower_telemetry_tests::{Caller, Rig, Server};

use crate::told::server_told;

const TOLD: &str = "/users/{id} 200 - - complete ok";

fn users() -> Router {
    Router::new().route("/users/{id}", get(|| async { "a user" }))
}

async fn check(rig: &Rig, server: &Server) {
    let answer = Caller::of(server).get("/users/7").await;
    assert_eq!(answer.body, "a user");
    assert_eq!(server_told(rig).await, TOLD);
    assert_eq!(answer.header("x-request-id"), rig.line_of("server").text("request_id"));
}

#[tokio::test]
async fn inside_a_router_under_axum_serve() {
    let rig = Rig::new();
    check(&rig, &Server::axum(users().layer(rig.telemetry.http_server())).await).await;
}

#[tokio::test]
async fn inside_a_router_with_axums_own_body() {
    let rig = Rig::new();
    check(&rig, &Server::axum(users().layer(rig.telemetry.axum_server())).await).await;
}

#[tokio::test]
async fn as_a_route_layer_with_axums_own_body() {
    let rig = Rig::new();
    check(&rig, &Server::axum(users().route_layer(rig.telemetry.axum_server())).await).await;
}

#[tokio::test]
async fn around_a_router_with_a_layer_for_axum() {
    let rig = Rig::new();
    let around = tower_telemetry::around(users(), &rig.telemetry.axum_server());
    check(&rig, &Server::run(|listener| axum::serve(listener, around).into_future()).await).await;
}

#[tokio::test]
async fn inside_a_router_under_hyper() {
    let rig = Rig::new();
    check(&rig, &Server::hyper(users().layer(rig.telemetry.http_server())).await).await;
}

#[tokio::test]
async fn as_a_route_layer() {
    let rig = Rig::new();
    check(&rig, &Server::axum(users().route_layer(rig.telemetry.http_server())).await).await;
}

#[tokio::test]
async fn with_state_given_after_the_layer() {
    let rig = Rig::new();
    let app: Router<u8> = Router::new().route("/users/{id}", get(|| async { "a user" }));
    check(&rig, &Server::axum(app.layer(rig.telemetry.http_server()).with_state(7)).await).await;
}

#[tokio::test]
async fn in_a_service_builder_around_a_router_under_hyper() {
    let rig = Rig::new();
    let app = users().route_layer(RouteLayer::matched());
    let service = ServiceBuilder::new().layer(rig.telemetry.http_server()).service(app);
    check(&rig, &Server::hyper(service).await).await;
}

#[tokio::test]
async fn in_a_service_builder_that_is_a_layer_of_a_router() {
    let rig = Rig::new();
    let stack = ServiceBuilder::new().layer(rig.telemetry.http_server());
    check(&rig, &Server::axum(users().layer(stack)).await).await;
}

#[tokio::test]
async fn around_a_router_under_axum_serve() {
    let rig = Rig::new();
    let around = rig.telemetry.around(users());
    check(&rig, &Server::run(|listener| axum::serve(listener, around).into_future()).await).await;
}

#[tokio::test]
async fn around_a_router_under_axum_serve_with_a_graceful_end() {
    let rig = Rig::new();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let around = rig.telemetry.around(users());
    let server = Server::run(|listener| {
        let stopped = async { drop(stopped.await) };
        axum::serve(listener, around).with_graceful_shutdown(stopped).into_future()
    })
    .await;
    check(&rig, &server).await;
    drop(stop);
}

#[tokio::test]
async fn around_a_router_under_hyper() {
    let rig = Rig::new();
    check(&rig, &Server::hyper(rig.telemetry.around(users())).await).await;
}

#[tokio::test]
async fn inside_and_around_at_once_is_one_exchange() {
    let rig = Rig::new();
    let app = users().layer(rig.telemetry.http_server());
    check(&rig, &Server::hyper(rig.telemetry.around(app)).await).await;
    assert_eq!((rig.begun("server"), rig.spans().len()), (1, 1));
}

#[tokio::test]
async fn windows_that_are_stacked_apart_tell_one_exchange() {
    use tower_telemetry::SignalExt;
    let rig = Rig::new();
    let (ids, trace, log, metrics) = rig.telemetry.windows();
    let app = users()
        .layer(metrics.server())
        .layer(log.server())
        .layer(tower_http::trace::TraceLayer::new_for_http())
        .layer(trace.server())
        .layer(ids.server());
    check(&rig, &Server::axum(app).await).await;
    let (line, span) = (rig.line_of("server"), &rig.spans()[0]);
    assert_eq!(line.text("span_id"), Some(span.span_context.span_id().to_string().as_str()));
}
