//! Exchanges that a window is told to skip: nothing is recorded, and they are passed on all the same.

use std::io;

use http::{Request, request};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{Exchange, Signal, SignalExt, Window};
use tower_telemetry_testing::{Recorder, Scripted};

use crate::handler;
use crate::row::{Body, body, respond};

fn scripted() -> Scripted<Body, io::Error> {
    Scripted::new([respond(200, body().data("abc"))])
}

fn is_health(_: &Exchange, head: &request::Parts) -> bool {
    head.uri.path() == "/healthz"
}

fn is_get(exchange: &Exchange, _: &request::Parts) -> bool {
    exchange.method == "GET"
}

fn send<S, B>(service: S, path: &'static str)
where
    S: Service<Request<()>, Response = http::Response<B>, Error = io::Error>,
    B: http_body::Body,
{
    handler::send(service, Request::get(path).body(()).unwrap());
}

/// How many exchanges were recorded, and how many passed on.
fn counts<const N: u32>(recorder: &Recorder<N>) -> (u64, u64) {
    recorder.assert_nothing_in_flight();
    recorder.assert_always_current();
    (recorder.ended(), recorder.passed())
}

#[test]
fn a_skipped_exchange_is_passed_on_and_not_recorded() {
    for (path, expected) in [("/healthz", (0, 1)), ("/users", (1, 0))] {
        let recorder = Recorder::<0>::new();
        send(recorder.clone().skip(is_health).server().layer(scripted()), path);
        assert_eq!(counts(&recorder), expected, "{path}");
    }
}

#[test]
fn one_window_of_a_pair_may_skip_alone() {
    let (a, b) = (Recorder::<0>::new(), Recorder::<1>::new());
    send((a.clone().skip(is_health), b.clone()).server().layer(scripted()), "/healthz");
    assert_eq!((counts(&a), counts(&b)), ((0, 1), (1, 0)));
}

#[test]
fn a_pair_that_skips_is_passed_on_by_both() {
    for (path, expected) in [("/healthz", (0, 1)), ("/users", (1, 0))] {
        let (a, b) = (Recorder::<0>::new(), Recorder::<1>::new());
        send((a.clone(), Some(b.clone())).skip(is_health).server().layer(scripted()), path);
        assert_eq!((counts(&a), counts(&b)), (expected, expected), "{path}");
    }
}

#[test]
fn a_window_that_skipped_does_not_act_further_in() {
    let recorder = Recorder::<0>::new();
    let service = recorder.clone().server().layer(scripted());
    send(recorder.clone().skip(is_health).server().layer(service), "/healthz");
    assert_eq!(counts(&recorder), (0, 1));
}

#[test]
fn a_window_that_is_to_skip_does_not_pass_again_what_it_recorded_further_out() {
    let recorder = Recorder::<0>::new();
    let service = recorder.clone().skip(is_health).server().layer(scripted());
    send(recorder.clone().server().layer(service), "/healthz");
    assert_eq!(counts(&recorder), (1, 0));
}

#[test]
fn a_window_that_skips_twice_records_what_neither_skips() {
    for (path, method, expected) in
        [("/healthz", "POST", (0, 1)), ("/users", "GET", (0, 1)), ("/users", "POST", (1, 0))]
    {
        let recorder = Recorder::<0>::new();
        let service = recorder.clone().skip(is_health).skip(is_get).server().layer(scripted());
        handler::send(service, Request::builder().method(method).uri(path).body(()).unwrap());
        assert_eq!(counts(&recorder), expected, "{method} {path}");
    }
}

#[test]
fn a_shared_window_passes_on_what_it_is_told_to_skip() {
    let recorder = Recorder::<0>::new();
    send(std::sync::Arc::new(recorder.clone()).skip(is_health).server().layer(scripted()), "/healthz");
    assert_eq!(counts(&recorder), (0, 1));
}

#[test]
fn a_skipping_signal_is_the_window_that_it_holds() {
    fn window<S: Signal>(_: &S) -> Window {
        S::WINDOW
    }
    assert_eq!(window(&Recorder::<3>::new().skip(is_get)), Window::custom(3));
    assert!(format!("{:?}", Recorder::<3>::new().skip(is_get)).starts_with("Skip"));
}
