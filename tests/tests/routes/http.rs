use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{any, get};
use http::Method;
use tower::{Layer, Service, ServiceExt};
use tower_telemetry::{RouteLayer, RouteTable};
use tower_telemetry_tests::{Caller, Rig, Server, answer, request};

/// Stands in the paths of the requests, and may stand in no label.
const WIRE: &str = "text-of-the-wire";

/// What the access line says of one request: its route, status, ending and verdict.
async fn told<S, B>(rig: &Rig, service: S, method: Method, path: &str) -> String
where
    S: Service<Request, Response = http::Response<B>>,
    S::Error: std::fmt::Debug,
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    let before = rig.access("server").len();
    answer(service.oneshot(request(method, path, &[])).await.unwrap()).await;
    let lines = rig.access("server");
    assert_eq!(lines.len(), before + 1, "one request, one line");
    rig.assert_no_label_has(&[WIRE]);
    as_told(&lines[before])
}

fn as_told(line: &tower_telemetry_tests::Line) -> String {
    let text = |key| line.text(key).unwrap_or("-");
    let status = line.get("http.response.status_code").unwrap();
    format!("{} {status} {} {}", text("http.route"), text("ending"), text("verdict"))
}

fn users() -> Router {
    Router::new().route("/users/{id}", get(|| async { "a user" }))
}

fn path(prefix: &str) -> String {
    format!("{prefix}/users/{WIRE}")
}

#[tokio::test]
async fn nested_routers_give_the_whole_template() {
    let rig = Rig::new();
    let app = Router::new().nest("/api", Router::new().nest("/v1", users()));
    let inside = app.clone().layer(rig.telemetry.http_server());
    for _ in 0..2 {
        let told = told(&rig, inside.clone(), Method::GET, &path("/api/v1")).await;
        assert_eq!(told, "/api/v1/users/{id} 200 complete ok");
    }
    let around = rig.telemetry.around(app);
    assert_eq!(told(&rig, around, Method::GET, &path("/api/v1")).await, "/api/v1/users/{id} 200 complete ok");
}

#[tokio::test]
async fn a_router_nested_as_a_service_is_unknown_unless_it_tells_its_routes() {
    let rig = Rig::new();
    let silent = Router::new().nest_service("/in", users());
    let telling = Router::new().nest_service("/in", users().route_layer(RouteLayer::matched()));
    for (app, expected) in [(silent, "- 200 complete ok"), (telling, "/in/users/{id} 200 complete ok")] {
        let inside = app.clone().layer(rig.telemetry.http_server());
        assert_eq!(told(&rig, inside, Method::GET, &path("/in")).await, expected);
        assert_eq!(told(&rig, rig.telemetry.around(app), Method::GET, &path("/in")).await, expected);
    }
}

#[tokio::test]
async fn a_service_that_is_no_router_has_the_route_that_stands_before_it() {
    let rig = Rig::new();
    let files =
        tower::service_fn(async |_: Request| Ok::<_, std::convert::Infallible>(Response::new(Body::empty())));
    let files = RouteLayer::fixed("/assets/{*path}").layer(files);
    let app = Router::new().nest_service("/assets", files);
    let inside = app.clone().layer(rig.telemetry.http_server());
    let expected = "/assets/{*path} 200 complete ok";
    let path = format!("/assets/{WIRE}.css");
    assert_eq!(told(&rig, inside, Method::GET, &path).await, expected);
    assert_eq!(told(&rig, rig.telemetry.around(app), Method::GET, &path).await, expected);
}

#[tokio::test]
async fn what_no_route_matches_has_no_route() {
    let rig = Rig::new();
    let fallback = users().fallback(|| async { "anything" });
    let path = format!("/{WIRE}");
    for (app, expected) in [
        (users(), "- 404 complete caller_fault"),
        (fallback, "- 200 complete ok"),
        (Router::new(), "- 404 complete caller_fault"),
    ] {
        let inside = app.clone().layer(rig.telemetry.http_server());
        assert_eq!(told(&rig, inside, Method::GET, &path).await, expected);
        assert_eq!(told(&rig, rig.telemetry.around(app), Method::GET, &path).await, expected);
    }
    assert!(!rig.page().contains("http_route="), "the label is absent, not empty:\n{}", rig.page());
}

#[tokio::test]
async fn a_method_that_is_not_allowed_has_its_route() {
    let rig = Rig::new();
    let expected = "/users/{id} 405 complete caller_fault";
    let inside = users().layer(rig.telemetry.http_server());
    assert_eq!(told(&rig, inside, Method::DELETE, &path("")).await, expected);
    assert_eq!(told(&rig, rig.telemetry.around(users()), Method::DELETE, &path("")).await, expected);
}

#[tokio::test]
async fn a_method_not_allowed_fallback_has_its_route() {
    let rig = Rig::new();
    let app = users().method_not_allowed_fallback(|| async { http::StatusCode::IM_A_TEAPOT });
    let expected = "/users/{id} 418 complete caller_fault";
    let inside = app.clone().layer(rig.telemetry.http_server());
    assert_eq!(told(&rig, inside, Method::DELETE, &path("")).await, expected);
    assert_eq!(told(&rig, rig.telemetry.around(app), Method::DELETE, &path("")).await, expected);
}

#[tokio::test]
async fn a_head_request_to_a_get_route_is_complete() {
    let rig = Rig::new();
    let inside = users().layer(rig.telemetry.http_server());
    let expected = "/users/{id} 200 complete ok";
    assert_eq!(told(&rig, inside, Method::HEAD, &path("")).await, expected);
    assert_eq!(told(&rig, rig.telemetry.around(users()), Method::HEAD, &path("")).await, expected);
}

#[tokio::test]
async fn a_route_layer_sees_routes_alone() {
    let rig = Rig::new();
    let app = users().route_layer(rig.telemetry.http_server());
    assert_eq!(told(&rig, app.clone(), Method::GET, &path("")).await, "/users/{id} 200 complete ok");
    answer(app.oneshot(request(Method::GET, "/nowhere", &[])).await.unwrap()).await;
    assert_eq!(rig.begun("server"), 1);
}

#[tokio::test]
async fn a_declared_table_knows_the_route_at_the_door() {
    let rig = Rig::new();
    let table = RouteTable::new(["/users/{id}", "/assets/{*path}"]).unwrap();
    let layer = rig.telemetry.http_server().with_routes(table);
    let service = tower::service_fn(async |_: Request| {
        let route = tower_telemetry::current().and_then(|exchange| exchange.route().as_str());
        Ok::<_, std::convert::Infallible>(Response::new(Body::from(route.unwrap_or("-"))))
    });
    let service = layer.layer(service);
    let at_the_door =
        answer(service.clone().oneshot(request(Method::GET, &path(""), &[])).await.unwrap()).await;
    assert_eq!(at_the_door.body, "/users/{id}");
    assert_eq!(
        told(&rig, service.clone(), Method::GET, &format!("/assets/a/{WIRE}")).await,
        "/assets/{*path} 200 complete ok"
    );
    assert_eq!(told(&rig, service, Method::GET, &format!("/{WIRE}")).await, "- 200 complete ok");
}

#[tokio::test]
async fn a_handler_may_tell_the_route_of_what_only_it_knows() {
    let rig = Rig::new();
    let app = Router::new().fallback(any(|| async {
        tower_telemetry::current().unwrap().set_route(tower_telemetry::Route::template("/{tenant}/page"));
        "a page"
    }));
    let app = app.layer(rig.telemetry.http_server());
    assert_eq!(
        told(&rig, app, Method::GET, &format!("/{WIRE}/page")).await,
        "/{tenant}/page 200 complete ok"
    );
}

#[tokio::test]
async fn a_router_that_is_observed_from_outside_knows_its_routes_under_every_server() {
    let rig = Rig::new();
    let around = rig.telemetry.around(users().fallback(|| async { http::StatusCode::NOT_FOUND }));
    let hyper = Server::hyper(around.clone()).await;
    let axum = Server::run(|listener| axum::serve(listener, around).into_future()).await;
    for server in [&hyper, &axum] {
        for caller in [Caller::of(server), Caller::http2_of(server)] {
            caller.get(&path("")).await;
            caller.get(&format!("/{WIRE}")).await;
        }
    }
    rig.until_ended("server", 8).await;
    let told: Vec<_> = rig.access("server").iter().map(as_told).collect();
    let expected = ["/users/{id} 200 complete ok", "- 404 complete caller_fault"];
    assert_eq!(told, expected.repeat(4));
    rig.assert_no_label_has(&[WIRE]);
}
