//! Signals made of signals.

use std::io;
use std::sync::Arc;

use http::{Request, StatusCode};
use tower_layer::Layer;
use tower_telemetry_core::{Ending, Signal, SignalExt, Verdict, Window};
use tower_telemetry_testing::{Event, Moment, Recorder, Scripted};

use crate::handler::send;
use crate::row::{Body, body, respond};

fn one() -> Scripted<Body, io::Error> {
    Scripted::new([respond(200, body().data("abc"))])
}

fn observe<S: Signal>(signal: S) {
    send(signal.server().layer(one()), Request::new(()));
}

/// The windows in the order in which they were told of moments of this kind.
fn order(events: &[Event], is: fn(&Moment) -> bool) -> Vec<u32> {
    events.iter().filter(|event| is(&event.moment)).map(|event| event.window).collect()
}

#[test]
fn eight_windows_start_in_order_and_end_in_the_opposite_one() {
    let first = Recorder::<0>::new();
    observe((
        first.clone(),
        first.beside::<1>(),
        first.beside::<2>(),
        first.beside::<3>(),
        first.beside::<4>(),
        first.beside::<5>(),
        first.beside::<6>(),
        first.beside::<7>(),
    ));
    let events = first.events();
    let (forwards, backwards) = ([0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(order(&events, |moment| *moment == Moment::Started), forwards);
    assert_eq!(order(&events, |moment| matches!(moment, Moment::Responded(StatusCode::OK))), backwards);
    assert_eq!(order(&events, |moment| *moment == Moment::Framed(3)), backwards);
    assert_eq!(order(&events, |moment| *moment == Moment::Ended(Ending::Complete)), backwards);
    assert_eq!(order(&events, |moment| *moment == Moment::Entered)[..8], forwards);
    assert_eq!(order(&events, |moment| *moment == Moment::Left)[..8], backwards);
    first.assert_nothing_in_flight();
    first.assert_always_current();
}

#[test]
fn tuples_of_every_size_tell_each_member_once() {
    macro_rules! sizes {
        ($($($n:literal)+;)+) => { $({
            let first = Recorder::<0>::new();
            observe(($(first.beside::<$n>(),)+));
            assert_eq!(first.ended(), [$($n),+].len() as u64);
            first.assert_nothing_in_flight();
        })+ };
    }
    sizes! { 0; 0 1; 0 1 2; 0 1 2 3; 0 1 2 3 4; 0 1 2 3 4 5; 0 1 2 3 4 5 6; 0 1 2 3 4 5 6 7; }
}

#[test]
fn a_tuple_within_a_tuple_is_told_as_its_members() {
    let first = Recorder::<0>::new();
    observe((first.clone(), (first.beside::<1>(), (first.beside::<2>(),)), ()));
    assert_eq!(order(&first.events(), |moment| *moment == Moment::Started), [0, 1, 2]);
    assert_eq!(order(&first.events(), |moment| matches!(moment, Moment::Ended(_))), [2, 1, 0]);
}

#[test]
fn a_tuple_is_all_the_windows_of_its_members() {
    fn window<S: Signal>(_: &S) -> Window {
        S::WINDOW
    }
    let (a, b) = (Recorder::<0>::new(), Recorder::<1>::new());
    assert_eq!(window(&(a.clone(), Some(Arc::new(b)), ())), Window::custom(0) | Window::custom(1));
    assert_eq!(window(&()), Window::NONE);
    assert_eq!(window(&a), Window::custom(0));
}

#[test]
fn a_window_that_is_off_is_told_nothing_and_one_that_is_on_everything() {
    let (off, on) = (Recorder::<0>::new(), Recorder::<1>::new());
    let none: Option<Recorder<0>> = Some(off.clone()).filter(|_| false);
    observe((none, Some(on.clone())));
    assert_eq!(off.events(), []);
    let told = on.only_record();
    assert_eq!((told.responses, told.frames, told.bytes), (1, 1, 3));
    assert_eq!(order(&on.events(), |moment| *moment == Moment::Entered).len(), 4);
    on.assert_always_current();
}

#[test]
fn a_shared_window_is_told_everything() {
    let shared = Recorder::<0>::new();
    observe(Arc::new(shared.clone()));
    shared.assert_told(Ending::Complete, Verdict::Ok);
}
