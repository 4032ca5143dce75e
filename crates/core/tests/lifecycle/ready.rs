//! What a request was let wait for, and how long it said its body would be.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use http::{Request, Response, header, request};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{Exchange, Observe, Signal, SignalExt};
use tower_telemetry_testing::{ScriptedBody, run};

/// How long a request waited, and the size that it announced.
type Told = (Option<Duration>, Option<u64>);

/// Notes what it is told of each request.
#[derive(Clone, Default)]
struct Waits(Arc<Mutex<Vec<Told>>>);

impl Signal for Waits {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        self.0.lock().unwrap().push((exchange.waited, exchange.request_size));
    }
}

/// Answers whether it is ready by its script, and with yes beyond its end.
#[derive(Clone)]
struct Scarce(VecDeque<Poll<()>>);

impl Service<Request<()>> for Scarce {
    type Response = Response<ScriptedBody>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.pop_front().unwrap_or(Poll::Ready(())).map(Ok)
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(ScriptedBody::new().end())))
    }
}

fn service(waits: &Waits, script: &[Poll<()>]) -> Observe<Scarce, Waits> {
    waits.clone().server().layer(Scarce(script.iter().copied().collect()))
}

fn ask(service: &mut Observe<Scarce, Waits>) -> Poll<()> {
    service.poll_ready(&mut Context::from_waker(Waker::noop())).map(|ready| ready.unwrap())
}

fn send(service: &mut Observe<Scarce, Waits>, request: Request<()>) {
    drop(run(service.call(request)));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a wait is held against the test's own clock")]
fn a_wait_is_told_of_the_request_that_waited_and_of_no_other() {
    let waits = Waits::default();
    let mut service = service(&waits, &[Poll::Ready(()), Poll::Pending, Poll::Pending]);
    assert_eq!(ask(&mut service), Poll::Ready(()));
    send(&mut service, Request::new(()));

    let before = Instant::now();
    assert_eq!(ask(&mut service), Poll::Pending);
    let between = Instant::now();
    while between.elapsed() < Duration::from_micros(200) {
        std::hint::spin_loop();
    }
    assert_eq!(ask(&mut service), Poll::Pending);
    assert_eq!(ask(&mut service), Poll::Ready(()));
    let most = before.elapsed();
    // Asked again, as tower allows: the wait is that of the request all the same.
    assert_eq!(ask(&mut service), Poll::Ready(()));
    send(&mut service, Request::new(()));

    assert_eq!(ask(&mut service), Poll::Ready(()));
    send(&mut service, Request::new(()));
    let told: Vec<_> = waits.0.lock().unwrap().iter().map(|(waited, _)| *waited).collect();
    assert_eq!((told[0], told[2]), (None, None));
    // From the first answer that it is not ready, not from the last.
    let waited = told[1].unwrap();
    assert!((Duration::from_micros(200)..=most).contains(&waited), "{waited:?} of {most:?}");
}

#[test]
fn a_clone_has_not_waited() {
    let waits = Waits::default();
    let mut service = service(&waits, &[Poll::Pending]);
    assert_eq!(ask(&mut service), Poll::Pending);
    assert_eq!(ask(&mut service), Poll::Ready(()));
    let mut clone = service.clone();
    send(&mut clone, Request::new(()));
    assert_eq!(*waits.0.lock().unwrap(), [(None, None)]);
}

#[test]
fn a_request_says_how_long_its_body_will_be() {
    let waits = Waits::default();
    let mut service = service(&waits, &[]);
    for length in ["42", "forty"] {
        send(&mut service, Request::builder().header(header::CONTENT_LENGTH, length).body(()).unwrap());
    }
    let told: Vec<_> = waits.0.lock().unwrap().iter().map(|(_, size)| *size).collect();
    assert_eq!(told, [Some(42), None]);
}

#[test]
fn the_observed_service_can_be_reached() {
    let mut service = service(&Waits::default(), &[]);
    service.get_mut().0.push_back(Poll::Pending);
    assert_eq!(service.get_ref().0.len(), 1);
    assert_eq!(service.into_inner().0.len(), 1);
}
