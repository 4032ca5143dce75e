//! What is noted at the door: the side, the scheme and the route.

use std::io;

use http::Request;
use tower_layer::Layer;
use tower_telemetry_core::{ObserveLayer, Route, Scheme, Side, SignalExt};
use tower_telemetry_testing::{Record, Recorder, Scripted};

use crate::handler::send;
use crate::row::{Body, body, fields_of, respond};

/// What is recorded of a request that ends well.
fn record_of(layer: fn(Recorder<0>) -> ObserveLayer<Recorder<0>>, request: Request<()>) -> Record {
    let recorder = Recorder::<0>::new();
    let trailers = fields_of(&[("grpc-status", "0")]);
    let inner: Scripted<Body, io::Error> = Scripted::new([respond(200, body().trailers(trailers))]);
    send(layer(recorder.clone()).layer(inner), request);
    recorder.only_record()
}

fn forwarded(proto: &'static str) -> Request<()> {
    Request::get("/").header("x-forwarded-proto", proto).body(()).unwrap()
}

#[test]
fn a_side_has_a_closed_name() {
    assert_eq!([Side::Server.as_str(), Side::Client.as_str()], ["server", "client"]);
}

#[test]
fn a_server_takes_the_scheme_that_a_proxy_tells_it_and_a_client_does_not() {
    assert_eq!(record_of(SignalExt::server, forwarded("https")).scheme, Scheme::Https);
    assert_eq!(record_of(SignalExt::client, forwarded("https")).scheme, Scheme::Http);
    let over_tls = |recorder: Recorder<0>| recorder.server().with_scheme(Scheme::Https);
    assert_eq!(record_of(over_tls, forwarded("http")).scheme, Scheme::Http);
    assert_eq!(
        record_of(over_tls, forwarded("gopher")).scheme,
        Scheme::Https,
        "an unknown one is not believed"
    );
}

#[test]
fn the_target_tells_the_scheme_where_no_proxy_does() {
    let absolute = || Request::get("https://shop.example/").body(()).unwrap();
    assert_eq!(record_of(SignalExt::server, absolute()).scheme, Scheme::Https);
    assert_eq!(record_of(SignalExt::client, absolute()).scheme, Scheme::Https);
}

/// A client knows its methods by name; the path of a call that does not tell it is no route.
#[test]
fn a_client_learns_no_grpc_method_from_a_path() {
    let request = || Request::post("/a.B/C").header("content-type", "application/grpc").body(()).unwrap();
    assert_eq!(record_of(SignalExt::client, request()).route, Route::RPC_OTHER);
    assert_eq!(record_of(SignalExt::server, request()).route, Route::rpc("a.B/C"));
}

#[test]
fn a_route_among_the_extensions_is_the_route_of_either_side() {
    for layer in [SignalExt::server, SignalExt::client] {
        let request = Request::get("/users/7").extension(Route::template("/users/{id}")).body(()).unwrap();
        assert_eq!(record_of(layer, request).route, Route::template("/users/{id}"));
    }
}

#[cfg(feature = "axum")]
#[test]
fn the_path_that_axum_matched_is_the_route_of_the_server_and_not_of_a_client_below_it() {
    use axum::{Router, body::Body, routing::get};
    use tower_telemetry_testing::{call, run};

    let (server, client) = (Recorder::<0>::new(), Recorder::<1>::new());
    let mut router: Router = Router::new()
        .route("/users/{id}", get(|| async { "one" }))
        .layer(client.clone().client())
        .layer(server.clone().server());
    let request = Request::get("/users/7").body(Body::empty()).unwrap();
    assert!(run(call(&mut router, request)).unwrap().is_ok());
    assert_eq!(server.only_record().route.as_str(), Some("/users/{id}"));
    assert_eq!(client.only_record().route, Route::UNMATCHED);
}
