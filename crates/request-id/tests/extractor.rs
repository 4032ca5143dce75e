//! The request id as an argument of handlers.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, Response, StatusCode};
use tower::ServiceExt;
use tower_telemetry_core::SignalExt;
use tower_telemetry_request_id::{RequestId, RequestIds};
use tower_telemetry_testing::run;

fn get_from(app: Router, path: &str) -> Response<Body> {
    run(app.oneshot(Request::get(path).body(Body::empty()).unwrap())).unwrap().unwrap()
}

fn app() -> Router {
    Router::new()
        .route("/id", get(async |id: RequestId| [("id", id.to_string())]))
        .route("/maybe", get(async |id: Option<RequestId>| [("id", format!("{id:?}"))]))
}

#[test]
fn a_handler_is_given_the_id_that_its_caller_is_told() {
    for app in [app().layer(RequestIds::new().server()), app().route_layer(RequestIds::new().server())] {
        let response = get_from(app, "/id");
        assert_eq!(response.headers()["id"], response.headers()["x-request-id"]);
    }
}

#[test]
fn without_the_layer_it_is_a_mistake_unless_the_handler_can_do_without() {
    assert_eq!(get_from(app(), "/id").status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(get_from(app(), "/maybe").headers()["id"], "None");
}
