//! A layer between two windows that changes how the exchange ends: both tell the truth of their place.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, StatusCode};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{Code, Ending, Observe, Outcome, SignalExt, Verdict};
use tower_telemetry_testing::{Recorder, Scripted, call, read_body, run};

use crate::handler::Handler;
use crate::row::{Answer, Ask, Body, body, get, post, respond};

/// Gives up on a future that is not ready at once.
struct Impatient<F>(Option<Pin<Box<F>>>);

impl<F: Future<Output = Result<T, io::Error>>, T> Future for Impatient<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.0.as_mut().unwrap().as_mut().poll(cx);
        self.0 = None;
        match polled {
            Poll::Pending => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            ready => ready,
        }
    }
}

/// What the windows outside and inside of a timeout tell of an exchange that took too long.
fn timed_out(ask: &Ask) -> [Outcome; 2] {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let scripted: Scripted<Body, io::Error> = Scripted::new([Answer::never()]);
    let mut service = inner.clone().server().layer(scripted);
    let timeout = Handler(move |request| Impatient(Some(Box::pin(call(&mut service, request)))));
    let mut service = outer.clone().server().layer(timeout);
    assert!(run(call(&mut service, ask.request())).unwrap().is_err());
    [outer.only_record().outcome, inner.only_record().outcome]
}

#[test]
fn outside_of_a_timeout_the_exchange_failed_and_inside_it_was_dropped() {
    let [outer, inner] = timed_out(&get());
    assert_eq!((outer.ending, outer.verdict), (Ending::Failed, Verdict::ServiceFault));
    assert_eq!(outer.error_type, Some("timeout"));
    assert_eq!((inner.ending, inner.verdict), (Ending::Dropped, Verdict::Cancelled));
    assert_eq!(inner.error_type, None);
}

#[test]
fn outside_of_a_timeout_a_grpc_call_exceeded_its_deadline() {
    let [outer, inner] = timed_out(&post("application/grpc"));
    assert_eq!((outer.grpc, outer.error_type), (Some(Code::DeadlineExceeded), Some("DEADLINE_EXCEEDED")));
    assert_eq!((inner.grpc, inner.error_type), (Some(Code::Cancelled), None));
}

#[test]
fn a_layer_that_changes_the_status_leaves_both_windows_with_their_own() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let scripted: Scripted<Body, io::Error> = Scripted::new([respond(500, body().data("abc"))]);
    let mut service = inner.clone().server().layer(scripted);
    let mask = Handler(move |request| {
        let future = call(&mut service, request);
        async move {
            future.await.map(|mut response| {
                *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                response
            })
        }
    });
    let response = run(call(&mut outer.clone().server().layer(mask), Request::new(()))).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
    assert_eq!(outer.only_record().outcome.status, Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(inner.only_record().outcome.status, Some(StatusCode::INTERNAL_SERVER_ERROR));
}

/// The innermost window saw the bytes of the service; a layer outside that swaps the body changes nothing of it.
#[test]
fn an_ending_that_both_saw_alike_is_told_by_the_inner_window() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let scripted: Scripted<Body, io::Error> = Scripted::new([respond(200, body().data("abcdef"))]);
    let mut service: Observe<_, _> = inner.clone().server().layer(scripted);
    let compress = Handler(move |request| {
        let future = call(&mut service, request);
        async move {
            future.await.map(|response| {
                response.map(|inner| {
                    read_body(Box::pin(inner).as_mut());
                    body().data("a")
                })
            })
        }
    });
    let response = run(call(&mut outer.clone().server().layer(compress), Request::new(()))).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
    assert_eq!(outer.only_record().bytes, 1);
    assert_eq!(outer.only_record().outcome, inner.only_record().outcome);
    assert_eq!(inner.only_record().outcome.sent, 6);
}

#[test]
fn a_service_that_sheds_before_the_inner_window_is_told_by_the_outer_alone() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let scripted: Scripted<Body, io::Error> = Scripted::new([]);
    let observed = inner.clone().server().layer(scripted);
    let shed = Handler(move |_: Request<()>| {
        let _ = &observed;
        async { Err::<http::Response<Body>, _>(io::Error::from(io::ErrorKind::ConnectionRefused)) }
    });
    let mut service = outer.clone().server().layer(shed);
    assert!(
        Service::<Request<()>>::poll_ready(&mut service, &mut Context::from_waker(std::task::Waker::noop()))
            .is_ready()
    );
    assert!(run(call(&mut service, Request::new(()))).unwrap().is_err());
    outer.assert_told(Ending::Failed, Verdict::ServiceFault);
    assert_eq!(inner.started(), 0);
}
