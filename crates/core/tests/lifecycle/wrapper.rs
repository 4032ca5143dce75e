//! The wrapper itself, and what its layer is told when it is built.

use std::io;
use std::task::{Context, Poll, Waker};

use http::{Request, Response, StatusCode};
use http_body::Body as _;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{
    Authority, Ending, ObserveLayer, Protocol, ResponseBody, Route, Scheme, Side, Signal, SignalExt, Verdict,
};
use tower_telemetry_testing::{EndAnswer, Record, Recorder, Scripted, call, poll_once, read_body, run};

use crate::handler::send;
use crate::row::{Answer, Body, body, fields_of, respond};

fn scripted(replies: impl IntoIterator<Item = Answer>) -> Scripted<Body, io::Error> {
    Scripted::new(replies)
}

fn one() -> Scripted<Body, io::Error> {
    scripted([respond(200, body().data("abc"))])
}

fn record_of(layer: impl FnOnce(Recorder<0>) -> ObserveLayer<Recorder<0>>, request: Request<()>) -> Record {
    let recorder = Recorder::<0>::new();
    let trailers = fields_of(&[("grpc-status", "5")]);
    let inner = scripted([respond(200, body().data("abc").trailers(trailers))]);
    send(layer(recorder.clone()).layer(inner), request);
    recorder.only_record()
}

fn grpc(path: &'static str) -> Request<()> {
    Request::post(path).header("content-type", "application/grpc").body(()).unwrap()
}

#[test]
fn a_signal_has_the_side_of_its_layer() {
    assert_eq!(record_of(SignalExt::server, Request::new(())).side, Side::Server);
    assert_eq!(record_of(SignalExt::client, Request::new(())).side, Side::Client);
}

#[test]
fn a_declared_grpc_method_is_the_route_and_another_is_other() {
    let declared = |recorder: Recorder<0>| recorder.server().with_grpc_methods(["a.B/C"]);
    let told = record_of(declared, grpc("/a.B/C"));
    assert_eq!((told.protocol, told.route), (Protocol::Grpc, Route::rpc("a.B/C")));
    assert_eq!(record_of(declared, grpc("/a.B/D")).route, Route::RPC_OTHER);
}

#[test]
fn a_grpc_method_is_learnt_when_a_call_to_it_ends_with_ok() {
    let recorder = Recorder::<0>::new();
    let ending = |status| respond(200, body().trailers(fields_of(&[("grpc-status", status)])));
    let service = recorder.clone().server().layer(scripted([ending("5"), ending("0"), ending("5")]));
    for _ in 0..3 {
        send(service.clone(), grpc("/a.B/C"));
    }
    let routes: Vec<_> = recorder.records().iter().map(|told| told.route).collect();
    assert_eq!(routes, [Route::RPC_OTHER, Route::rpc("a.B/C"), Route::rpc("a.B/C")]);
}

#[test]
fn a_client_tells_the_server_and_the_scheme_that_it_was_given() {
    let server = Authority::of(&"https://inventory:50051".parse().unwrap()).unwrap();
    let told = record_of(
        |recorder| recorder.client().with_server(server).with_scheme(Scheme::Https),
        Request::new(()),
    );
    assert_eq!((told.server, told.scheme), (Some(server), Scheme::Https));
    let told = record_of(SignalExt::client, Request::new(()));
    assert_eq!((told.server, told.scheme), (None, Scheme::Http));
}

#[cfg(feature = "routes")]
#[test]
fn a_declared_table_tells_the_route_at_the_door() {
    let table = tower_telemetry_core::RouteTable::new(["/users/{id}"]).unwrap();
    let told = record_of(
        |recorder| recorder.server().with_routes(table),
        Request::get("/users/7").body(()).unwrap(),
    );
    assert_eq!(told.route.as_str(), Some("/users/{id}"));
}

// === the wrapper itself ===

#[test]
fn a_service_that_cannot_be_cloned_is_observed() {
    let recorder = Recorder::<0>::new();
    send(recorder.clone().server().layer(one().not_clone()), Request::new(()));
    recorder.assert_told(Ending::Complete, Verdict::Ok);
}

#[test]
fn readiness_and_its_error_are_those_of_the_observed_service() {
    struct Refuses;
    impl Service<Request<()>> for Refuses {
        type Response = Response<Body>;
        type Error = io::Error;
        type Future = std::future::Ready<Result<Response<Body>, io::Error>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
            Poll::Ready(Err(io::ErrorKind::ConnectionRefused.into()))
        }
        fn call(&mut self, _: Request<()>) -> Self::Future {
            unreachable!("it was never ready")
        }
    }
    let recorder = Recorder::<0>::new();
    let mut service = recorder.clone().server().layer(Refuses);
    let ready = service.poll_ready(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(ready, Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused));
    assert_eq!(recorder.started(), 0);
}

#[test]
fn the_observed_service_can_be_reached_changed_and_taken_back() {
    let mut service = ().server().layer(vec![1]);
    service.get_mut().push(2);
    assert_eq!(service.get_ref(), &[1, 2]);
    assert_eq!(service.clone().into_inner(), [1, 2]);
}

#[test]
fn a_layer_that_is_cloned_or_laid_anew_writes_into_the_same_windows() {
    let recorder = Recorder::<0>::new();
    let layer = recorder.clone().server();
    for layer in [layer.clone(), layer] {
        send(layer.layer(one()), Request::new(()));
    }
    assert_eq!(recorder.ended(), 2);
}

#[test]
fn a_default_body_is_that_of_the_observed_service_and_nobody_looks_at_it() {
    let body = ResponseBody::<Body, ()>::default();
    assert_eq!((body.is_end_stream(), body.size_hint().upper()), (false, None));
    assert_eq!(read_body(Box::pin(body).as_mut()).len(), 1);
}

/// Header changes of a window reach the caller; the rest of the head is as it was.
#[test]
fn a_window_may_add_a_header_and_the_rest_of_the_head_stays() {
    #[derive(Clone)]
    struct Signs;
    impl Signal for Signs {
        type Observer = Signs;
        fn start(&self, _: &tower_telemetry_core::Exchange, head: &mut http::request::Parts) -> Signs {
            head.headers.insert("x-seen", http::HeaderValue::from_static("yes"));
            Signs
        }
    }
    impl tower_telemetry_core::Observer for Signs {
        type Guard = ();
        fn enter(&self) {}
        fn respond(&mut self, _: &tower_telemetry_core::Exchange, head: &mut http::response::Parts) {
            head.headers.insert("x-signed", http::HeaderValue::from_static("yes"));
        }
    }
    let mut response = Response::new(body().with_end(EndAnswer::Always));
    *response.status_mut() = StatusCode::ACCEPTED;
    *response.version_mut() = http::Version::HTTP_2;
    response.headers_mut().insert("x-own", http::HeaderValue::from_static("1"));
    response.extensions_mut().insert(7_u8);
    let inner = scripted([Answer::response(response)]);
    let mut service = Signs.server().layer(inner.clone());
    let (head, _) = run(call(&mut service, Request::new(()))).unwrap().unwrap().into_parts();

    assert_eq!((head.status, head.version), (StatusCode::ACCEPTED, http::Version::HTTP_2));
    assert_eq!(head.extensions.get::<u8>(), Some(&7));
    assert_eq!(head.headers.len(), 2);
    assert!(head.headers.contains_key("x-own") && head.headers.contains_key("x-signed"));
    assert!(inner.heads()[0].headers.contains_key("x-seen"));
}

#[test]
fn nothing_of_what_is_observed_is_printed_with_the_wrapper() {
    let mut service = ().server().layer(one());
    let mut future = Box::pin(call(&mut service, Request::new(())));
    assert_eq!(format!("{future:?}"), "ResponseFuture { .. }");
    let Poll::Ready(Ok(response)) = poll_once(future.as_mut()) else { panic!("it answers at once") };
    assert_eq!(format!("{:?}", response.body()), "ResponseBody { .. }");
}
