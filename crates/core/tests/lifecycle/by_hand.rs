//! A signal of a program's own that holds others, and starts, passes and ends them itself.

use std::io;
use std::sync::Arc;

use http::{Request, Response, request};
use tower_layer::Layer;
use tower_telemetry_core::{Exchange, Observer, Outcome, Signal, SignalExt};
use tower_telemetry_testing::{Recorder, Scripted};

use crate::handler::{Handler, send};
use crate::row::{Body, body, respond};

/// How many exchanges were recorded and ended, and how many passed on.
fn counts<const N: u32>(recorder: &Recorder<N>) -> (u64, u64) {
    recorder.assert_nothing_in_flight();
    (recorder.ended(), recorder.passed())
}

/// Starts and ends the signal, then passes it.
fn by_hand(signal: impl Signal) {
    let outcome = outcome();
    let handler = Handler(move |request: Request<()>| {
        let exchange = Exchange::of(request.extensions()).unwrap().clone();
        let (mut head, ()) = request.into_parts();
        signal.start(&exchange, &mut head).end(&exchange, &outcome);
        if let Some(observer) = signal.pass(&exchange, &mut head) {
            observer.end(&exchange, &outcome);
        }
        async { Ok::<_, io::Error>(Response::new(body())) }
    });
    send(().server().layer(handler), Request::new(()));
}

/// Some outcome: there is no other way to one than an exchange.
fn outcome() -> Outcome {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> = Scripted::new([respond(200, body())]);
    send(recorder.clone().server().layer(inner), Request::new(()));
    recorder.only_record().outcome
}

#[test]
fn a_window_that_is_on_is_started_and_passed_by_hand() {
    let recorder = Recorder::<0>::new();
    by_hand(Some(recorder.clone()));
    assert_eq!(counts(&recorder), (1, 1));
}

#[test]
fn a_window_that_is_off_is_neither_started_nor_passed_by_hand() {
    let recorder = Recorder::<0>::new();
    by_hand(Some(recorder.clone()).filter(|_| false));
    assert_eq!(counts(&recorder), (0, 0));
}

#[test]
fn a_shared_window_is_started_and_passed_by_hand() {
    let recorder = Recorder::<0>::new();
    by_hand(Arc::new(recorder.clone()));
    assert_eq!(counts(&recorder), (1, 1));
}

#[test]
fn the_members_of_a_tuple_are_started_and_passed_by_hand() {
    let (a, b) = (Recorder::<0>::new(), Recorder::<1>::new());
    by_hand((a.clone(), b.clone()));
    assert_eq!((counts(&a), counts(&b)), ((1, 1), (1, 1)));
}

#[test]
fn a_signal_that_skips_is_passed_when_it_is_started_by_hand() {
    for (skips, expected) in [(true, (0, 2)), (false, (1, 1))] {
        let recorder = Recorder::<0>::new();
        by_hand(recorder.clone().skip(move |_: &Exchange, _: &request::Parts| skips));
        assert_eq!(counts(&recorder), expected);
    }
}

/// The default of [`Signal::pass`]: a window with nothing to pass on.
#[test]
fn a_window_that_says_nothing_of_passing_has_no_observer_of_a_skipped_exchange() {
    let inner: Scripted<Body, io::Error> = Scripted::new([respond(200, body())]);
    let (mut head, ()) = Request::new(()).into_parts();
    let kept = Arc::new(std::sync::Mutex::new(None));
    let keep = Arc::clone(&kept);
    let note = ().skip(move |exchange: &Exchange, _: &request::Parts| {
        assert!(exchange.outcome().is_none());
        *keep.lock().unwrap() = tower_telemetry_core::current();
        true
    });
    send(note.server().layer(inner), Request::new(()));
    let exchange = kept.lock().unwrap().take().unwrap();
    assert_eq!(().pass(&exchange, &mut head), None);
}
