//! What is current in corners that the table does not reach: panics in drops, and after the ending.

use std::future::{Future, pending, ready};
use std::io;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_telemetry_core::{Ending, SignalExt, Verdict, current};
use tower_telemetry_testing::{Moment, Recorder, Scripted, call, poll_body, poll_once, read_body, run};

use crate::arrangement::caught;
use crate::handler::Handler;
use crate::row::{Answer, Body, body, respond};

type Given = Result<Response<Body>, io::Error>;

/// A future that panics when it is dropped.
struct PanicsInDrop<F>(Pin<Box<F>>);

impl<F: Future> Future for PanicsInDrop<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl<F> Drop for PanicsInDrop<F> {
    fn drop(&mut self) {
        resume_unwind(Box::new("panics in its drop"));
    }
}

#[test]
fn a_panic_in_the_drop_of_the_future_is_a_panic() {
    let recorder = Recorder::<0>::new();
    let inner = Handler(|_| PanicsInDrop(Box::pin(pending::<Given>())));
    let mut service = recorder.clone().server().layer(inner);
    let future = Box::pin(call(&mut service, Request::new(())));
    assert!(caught(|| drop(future)).is_none());
    recorder.assert_told(Ending::Panicked, Verdict::ServiceFault);
}

#[test]
fn a_panic_in_the_drop_of_a_future_that_is_done_is_a_panic() {
    let recorder = Recorder::<0>::new();
    let inner = Handler(|_| PanicsInDrop(Box::pin(ready(Given::Ok(Response::new(body()))))));
    let mut service = recorder.clone().server().layer(inner);
    assert!(caught(|| run(call(&mut service, Request::new(())))).is_none());
    recorder.assert_told(Ending::Panicked, Verdict::ServiceFault);
    assert_eq!(recorder.only_record().outcome.status, None, "the head was never seen outside");
}

/// A body that panics when it is dropped.
struct BodyPanicsInDrop(Body);

impl http_body::Body for BodyPanicsInDrop {
    type Data = bytes::Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, io::Error>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }
}

impl Drop for BodyPanicsInDrop {
    fn drop(&mut self) {
        resume_unwind(Box::new("panics in its drop"));
    }
}

#[test]
fn a_panic_in_the_drop_of_the_body_is_a_panic_unless_the_body_was_over() {
    for (polls, ending) in [(1, Ending::Panicked), (2, Ending::Complete)] {
        let recorder = Recorder::<0>::new();
        let inner =
            Handler(|_| ready(Ok::<_, io::Error>(Response::new(BodyPanicsInDrop(body().data("abc"))))));
        let mut service = recorder.clone().server().layer(inner);
        let mut body = Box::pin(run(call(&mut service, Request::new(()))).unwrap().unwrap().into_body());
        for _ in 0..polls {
            poll_body(body.as_mut());
        }
        assert!(caught(|| drop(body)).is_none());
        assert_eq!(recorder.only_record().outcome.ending, ending, "after {polls} polls");
    }
}

#[test]
fn what_panicked_and_was_polled_again_is_still_told_as_a_panic() {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> = Scripted::new([respond(200, body().panic().data("abc").stall())]);
    let mut service = recorder.clone().server().layer(inner);
    let mut body = Box::pin(run(call(&mut service, Request::new(()))).unwrap().unwrap().into_body());
    assert!(caught(|| poll_body(body.as_mut())).is_none());
    read_body(body.as_mut());
    drop(body);
    recorder.assert_told(Ending::Panicked, Verdict::ServiceFault);
}

#[test]
fn a_panic_that_unwinds_through_the_owner_of_the_body_is_told_while_the_thread_unwinds() {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> = Scripted::new([respond(200, body().panic())]);
    let mut service = recorder.clone().server().layer(inner);
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    assert!(caught(|| poll_body(Box::pin(response.into_body()).as_mut())).is_none());
    recorder.assert_told(Ending::Panicked, Verdict::ServiceFault);
    recorder.assert_always_current();
}

/// The owner of a healthy exchange may panic: that is not the exchange's panic.
#[test]
fn a_panic_of_the_owner_drops_the_exchange() {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> = Scripted::new([Answer::never()]);
    let mut service = recorder.clone().server().layer(inner);
    let unwound = caught(|| {
        let mut future = Box::pin(call(&mut service, Request::new(())));
        assert!(poll_once(future.as_mut()).is_pending());
        resume_unwind(Box::new("the owner panics"));
    });
    assert!(unwound.is_none());
    recorder.assert_told(Ending::Dropped, Verdict::Cancelled);
}

#[test]
fn a_future_that_is_done_stays_pending_when_it_is_polled_again() {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> = Scripted::new([respond(200, body())]);
    let mut service = recorder.clone().server().layer(inner);
    let mut future = Box::pin(call(&mut service, Request::new(())));
    assert!(poll_once(future.as_mut()).is_ready());
    assert!(poll_once(future.as_mut()).is_pending());
    recorder.assert_told(Ending::Dropped, Verdict::Cancelled);
}

#[test]
fn the_guard_of_a_window_is_held_around_each_poll_and_drop_and_let_go() {
    let recorder = Recorder::<0>::new();
    let inner: Scripted<Body, io::Error> =
        Scripted::new([respond(200, body().data("abc").stall()).after_pending(1)]);
    let mut service = recorder.clone().server().layer(inner);
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());

    let moments: Vec<_> = recorder.events().into_iter().map(|event| event.moment).collect();
    let visit = |inside: &[Moment]| [&[Moment::Entered], inside, &[Moment::Left]].concat();
    let expected = [
        vec![Moment::Started],
        visit(&[]),                                        // call
        visit(&[]),                                        // the pending poll
        visit(&[Moment::Responded(http::StatusCode::OK)]), // the poll that is ready
        visit(&[Moment::Framed(3)]),                       // the first frame
        visit(&[]),                                        // the stalled poll
        visit(&[]),                                        // the drop of the inner body
        vec![Moment::Entered, Moment::Ended(Ending::Dropped), Moment::Left],
    ]
    .concat();
    assert_eq!(moments, expected);
    recorder.assert_always_current();
    assert!(current().is_none());
}
