//! The recorder keeps what it was told, and its assertions fail with sentences.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use http::{Request, Response, StatusCode, request};
use tower_layer::Layer;
use tower_telemetry_core::{
    Ending, Exchange, Observer, Protocol, RequestId, Route, Side, Signal, SignalExt, Verdict, Window,
};
use tower_telemetry_testing::{Moment, Recorder, Reply, Scripted, ScriptedBody, call, read_body, run};

fn send<const N: u32>(recorder: &Recorder<N>) {
    let inner: Scripted =
        Scripted::new([Reply::response(Response::new(ScriptedBody::new().data("abc").data("de")))]);
    let mut service = recorder.clone().server().layer(inner);
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    read_body(pin!(response.into_body()));
}

fn sentence(f: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    panic.downcast_ref::<String>().cloned().unwrap()
}

#[test]
fn a_record_says_all_that_was_told() {
    let recorder = Recorder::<0>::new();
    send(&recorder);
    let record = recorder.only_record();
    assert_eq!((record.exchange, record.side, record.protocol), (0, Side::Server, Protocol::Http));
    assert_eq!((record.method, record.route, record.resend), ("GET", Route::UNMATCHED, 0));
    assert_eq!((record.trace, record.request_id), (None, None::<RequestId>));
    assert_eq!((record.responses, record.frames, record.bytes), (1, 2, 5));
    assert_eq!(record.outcome.status, Some(StatusCode::OK));
    recorder.assert_told(Ending::Complete, Verdict::Ok);
}

#[test]
fn events_stand_in_the_order_in_which_they_were_told() {
    let recorder = Recorder::<7>::new();
    send(&recorder);
    let told: Vec<_> = recorder
        .events()
        .into_iter()
        .inspect(|event| assert!(event.is_current && event.window == 7))
        .map(|event| event.moment)
        .filter(|moment| !matches!(moment, Moment::Entered | Moment::Left))
        .collect();
    assert_eq!(
        told,
        [
            Moment::Started,
            Moment::Responded(StatusCode::OK),
            Moment::Framed(3),
            Moment::Framed(2),
            Moment::Ended(Ending::Complete)
        ]
    );
}

#[test]
fn whoever_enters_an_exchange_leaves_it() {
    let recorder = Recorder::<0>::new();
    send(&recorder);
    let visits: Vec<_> = recorder
        .events()
        .into_iter()
        .map(|event| event.moment)
        .filter(|moment| matches!(moment, Moment::Entered | Moment::Left))
        .collect();
    // The call, the poll of the future and three polls of the body.
    assert_eq!(visits, [Moment::Entered, Moment::Left].repeat(5));
}

#[test]
fn a_log_is_bounded_and_its_counts_are_exact() {
    let recorder = Recorder::<0>::with_capacity(2);
    (0..5).for_each(|_| send(&recorder));
    assert_eq!((recorder.records().len(), recorder.events().len()), (2, 2));
    assert_eq!((recorder.started(), recorder.ended(), recorder.in_flight()), (5, 5, 0));
    assert_eq!(recorder.records()[1].exchange, 4, "the newest are kept");
}

#[test]
fn recorders_beside_each_other_share_a_log_and_are_two_windows() {
    fn window<S: Signal>(_: &S) -> Window {
        S::WINDOW
    }
    let one = Recorder::<1>::new();
    let two = one.beside::<2>();
    send(&one);
    send(&two);
    assert_eq!((one.ended(), two.ended()), (2, 2));
    assert_eq!((window(&one), window(&two)), (Window::custom(1), Window::custom(2)));
    assert_eq!(window(&Recorder::<23>::default()), window(&<Recorder>::default()));
}

#[test]
fn an_assertion_that_fails_says_what_happened() {
    let recorder = Recorder::<0>::new();
    assert_eq!(
        sentence(|| drop(recorder.only_record())),
        "expected exactly one exchange, started and ended once, but 0 started and 0 ended"
    );
    send(&recorder);
    assert_eq!(
        sentence(|| recorder.assert_told(Ending::Dropped, Verdict::Cancelled)),
        "expected an exchange that was dropped and judged cancelled, but it was complete and judged ok"
    );
    assert!(!sentence(|| recorder.assert_told(Ending::Complete, Verdict::Cancelled)).is_empty());
    send(&recorder);
    assert!(sentence(|| drop(recorder.only_record())).ends_with("but 2 started and 2 ended"));
}

#[test]
fn an_exchange_that_has_not_ended_is_in_flight() {
    let recorder = Recorder::<0>::new();
    let never: Scripted = Scripted::new([Reply::never()]);
    let mut service = recorder.clone().server().layer(never);
    let future = call(&mut service, Request::new(()));
    assert_eq!(recorder.in_flight(), 1);
    assert_eq!(sentence(|| recorder.assert_nothing_in_flight()), "1 exchanges started, but 0 ended");
    drop(future);
    assert_eq!(recorder.in_flight(), 0);
    recorder.assert_nothing_in_flight();
}

/// A signal that starts and ends its member outside of any wrapper, where nothing is current.
#[test]
fn what_is_told_outside_of_its_exchange_is_not_current() {
    #[derive(Clone)]
    struct Keeps(std::sync::Arc<std::sync::Mutex<Option<std::sync::Arc<Exchange>>>>);
    impl Signal for Keeps {
        type Observer = ();
        fn start(&self, _: &Exchange, _: &mut request::Parts) {
            *self.0.lock().unwrap() = tower_telemetry_core::current();
        }
    }
    let kept = Keeps(std::sync::Arc::default());
    let empty: Scripted = Scripted::new([Reply::response(Response::new(ScriptedBody::new()))]);
    let mut service = kept.clone().server().layer(empty);
    drop(run(call(&mut service, Request::new(()))));
    let exchange = kept.0.lock().unwrap().take().unwrap();

    let recorder = Recorder::<0>::new();
    let observer = recorder.start(&exchange, &mut Request::new(()).into_parts().0);
    drop(observer.enter());
    assert!(recorder.events().iter().all(|event| !event.is_current));
    assert_eq!(
        sentence(|| recorder.assert_always_current()),
        "exchange 0 was not current when it was told of Started"
    );
}

#[test]
fn an_exchange_that_is_passed_on_has_a_number_and_no_record() {
    let recorder = Recorder::<0>::new();
    let layer = recorder.clone().skip(|_, head: &request::Parts| head.uri.path() == "/healthz").server();
    for path in ["/healthz", "/healthz", "/users"] {
        let empty: Scripted = Scripted::new([Reply::response(Response::new(ScriptedBody::new()))]);
        drop(run(call(&mut layer.layer(empty), Request::get(path).body(()).unwrap())));
    }
    assert_eq!((recorder.passed(), recorder.started(), recorder.ended()), (2, 1, 1));
    assert_eq!(recorder.records()[0].exchange, 2);
    let first: Vec<_> =
        recorder.events().iter().take(2).map(|event| (event.exchange, event.moment)).collect();
    assert_eq!(first, [(0, Moment::Passed), (1, Moment::Passed)]);
}
