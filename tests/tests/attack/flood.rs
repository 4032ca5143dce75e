//! Ten thousand of everything that a stranger can invent.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use http::{HeaderValue, Method, Response};
use tower::{Layer, ServiceExt};
use tower_telemetry::Route;
use tower_telemetry::core::authority::HOSTS_MAX;
use tower_telemetry::metrics::Snapshot;
use tower_telemetry_tests::{Rig, answer, request};

const MANY: usize = 10_000;

/// How many series a family has.
fn series(snapshot: &Snapshot, family: &str) -> usize {
    snapshot.family(family).map_or(0, |family| family.series().len())
}

fn all_series(snapshot: &Snapshot) -> usize {
    snapshot.families().iter().map(|family| family.series().len()).sum()
}

#[tokio::test]
async fn random_paths_methods_and_hosts_add_no_series_and_a_real_route_keeps_its_own() {
    let rig = Rig::new();
    let app = Router::new().route("/users/{id}", get(|| async { "a user" }));
    for app in [
        app.clone().layer(rig.telemetry.http_server()),
        Router::new().fallback_service(rig.telemetry.around(app)),
    ] {
        for number in 0..MANY {
            let mut one = request(Method::GET, &format!("/{}", random(number)), &[]);
            *one.method_mut() = Method::from_bytes(format!("M{}", random(number)).as_bytes()).unwrap();
            one.headers_mut()
                .insert("host", HeaderValue::try_from(format!("{}.example", random(number))).unwrap());
            one.headers_mut().insert("x-forwarded-proto", HeaderValue::try_from(random(number)).unwrap());
            answer(app.clone().oneshot(one).await.unwrap()).await;
        }
        answer(app.oneshot(request(Method::GET, &format!("/users/{}", random(1)), &[])).await.unwrap()).await;
    }
    let snapshot = rig.snapshot();
    // The methods, all of them `_OTHER`, and the one that has a route.
    assert_eq!(series(&snapshot, "http.server.request.duration"), 2, "{}", rig.page());
    assert_eq!(series(&snapshot, "http.server.active_requests"), 2, "{}", rig.page());
    let users = [("http.route", "/users/{id}"), ("http.request.method", "GET")];
    assert_eq!(snapshot.total("http.server.request.duration", &users), 2.0);
    let other = [("http.request.method", "_OTHER"), ("http.response.status_code", "404")];
    assert_eq!(snapshot.total("http.server.request.duration", &other), 2.0 * MANY as f64);
    assert!(!rig.page().contains("random"), "{}", rig.page());
}

#[tokio::test]
async fn random_methods_of_a_grpc_server_are_one_series() {
    let rig = Rig::new();
    let refuses = tower::service_fn(async |_: Request| {
        let status = [("content-type", "application/grpc"), ("grpc-status", "12")];
        let mut response = Response::new(Body::empty());
        for (name, value) in status {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        Ok::<_, std::convert::Infallible>(response)
    });
    let service = rig.telemetry.grpc_server().layer(refuses);
    for number in 0..MANY {
        let path = format!("/{0}.Service/{0}", random(number));
        let call = request(Method::POST, &path, &[("content-type", "application/grpc")]);
        answer(service.clone().oneshot(call).await.unwrap()).await;
    }
    let snapshot = rig.snapshot();
    assert_eq!(series(&snapshot, "rpc.server.call.duration"), 1, "{}", rig.page());
    let other = [("rpc.method", "_OTHER"), ("rpc.status_code", "UNIMPLEMENTED")];
    assert_eq!(snapshot.total("rpc.server.call.duration", &other), MANY as f64);
    assert!(!rig.page().contains("random"));
    // Spans say it in an attribute, and never in their name.
    assert!(rig.spans().iter().all(|span| span.name == "grpc"));
}

#[tokio::test]
async fn random_status_codes_are_bounded_by_what_a_status_can_be() {
    let rig = Rig::new();
    let app = Router::new().fallback(async |request: Request| {
        let status: u16 = request.uri().path().trim_start_matches('/').parse().unwrap();
        http::StatusCode::from_u16(status).unwrap()
    });
    let app = app.layer(rig.telemetry.http_server());
    for status in 200..1_000 {
        answer(app.clone().oneshot(request(Method::GET, &format!("/{status}"), &[])).await.unwrap()).await;
    }
    assert!(series(&rig.snapshot(), "http.server.request.duration") <= 800);
    assert_eq!(rig.ended_as(&[("side", "server")]), 800, "and none goes uncounted");
}

/// A client that follows these URLs with this route: how many series it makes.
async fn followed(urls: impl Iterator<Item = String>, route: Option<Route>) -> usize {
    let rig = Rig::new();
    let anybody = async |_: Request| Ok::<_, std::convert::Infallible>(Response::new(Body::empty()));
    let client = rig.telemetry.http_client().layer(tower::service_fn(anybody));
    let mut count = 0;
    for url in urls {
        let mut request = request(Method::GET, &url, &[]);
        route.map(|route| request.extensions_mut().insert(route));
        answer(client.clone().oneshot(request).await.unwrap()).await;
        count += 1;
    }
    assert_eq!(rig.ended_as(&[("side", "client")]), count, "and none goes uncounted");
    assert_eq!(rig.snapshot().total("http.client.request.duration", &[]), count as f64);
    series(&rig.snapshot(), "http.client.request.duration")
}

#[tokio::test]
async fn a_client_that_follows_urls_of_strangers_tells_a_bounded_number_of_hosts_and_ports() {
    let hosts = (0..3 * HOSTS_MAX).map(|number| format!("http://{}.example/", random(number)));
    let ports = (1..3 * HOSTS_MAX).map(|port| format!("http://one.example:{port}/"));
    // A route of the program's own has its place, whatever the server is.
    let count = followed(ports, Some(Route::template("/"))).await;
    assert!(count <= HOSTS_MAX + 1, "{count} series for the ports of one host");
    let count = followed(hosts, None).await;
    assert!(count <= HOSTS_MAX + 1, "{count} series for hosts");
}

#[tokio::test]
async fn a_flood_leaves_as_many_series_as_one_request_of_its_kind() {
    let (flooded, once) = (Rig::new(), Rig::new());
    for (rig, count) in [(&flooded, MANY), (&once, 1)] {
        let app = Router::new().layer(rig.telemetry.http_server());
        for number in 0..count {
            let path = format!("/{}?{}", random(number), random(number));
            answer(app.clone().oneshot(request(Method::GET, &path, &[])).await.unwrap()).await;
        }
    }
    assert_eq!(all_series(&flooded.snapshot()), all_series(&once.snapshot()));
}

/// A text that differs for each number, and can be looked for.
fn random(number: usize) -> String {
    format!("random{}", (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}
