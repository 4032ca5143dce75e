//! An exchange that is carried into work which another task polls.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_telemetry_core::{Carry, RequestId, SignalExt, current};
use tower_telemetry_testing::{Recorder, call, poll_once, run};

use crate::handler::Handler;
use crate::row::body;

/// Says which exchange is current when it is polled and when it is dropped.
struct Reports(Sender<(&'static str, Option<String>)>);

fn id() -> Option<String> {
    Some(current()?.request_id()?.to_string())
}

impl Future for Reports {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0.send(("poll", id())).unwrap();
        Poll::Pending
    }
}

impl Drop for Reports {
    fn drop(&mut self) {
        self.0.send(("drop", id())).unwrap();
    }
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Work that a handler carried out of the exchange `the-one`.
fn carried_out(work: impl Future<Output = ()> + Send + 'static) -> Work {
    let (sender, receiver) = channel::<Work>();
    let mut work = Some(work);
    let handler = Handler(move |_: Request<()>| {
        current().unwrap().set_request_id(RequestId::new("the-one").unwrap());
        sender.send(Box::pin(work.take().unwrap().carry())).unwrap();
        async { Ok::<_, io::Error>(Response::new(body())) }
    });
    let mut service = Recorder::<0>::new().server().layer(handler);
    run(call(&mut service, Request::new(()))).unwrap().unwrap();
    receiver.recv().unwrap()
}

#[test]
fn carried_work_is_polled_and_dropped_within_its_exchange() {
    let (sender, seen) = channel();
    let mut work = carried_out(Reports(sender));
    assert!(current().is_none());
    assert!(poll_once(work.as_mut()).is_pending());
    assert!(current().is_none());
    drop(work);
    assert!(current().is_none());
    let the_one = Some("the-one".to_owned());
    assert_eq!(seen.iter().collect::<Vec<_>>(), [("poll", the_one.clone()), ("drop", the_one)]);
}

#[test]
fn carried_work_takes_its_exchange_to_another_thread() {
    let (sender, seen) = channel();
    let mut work = carried_out(Reports(sender));
    std::thread::spawn(move || {
        assert!(current().is_none());
        let _ = poll_once(work.as_mut());
    })
    .join()
    .unwrap();
    assert_eq!(seen.recv().unwrap().1.as_deref(), Some("the-one"));
}

#[test]
fn work_that_is_carried_from_no_exchange_has_none() {
    let (sender, seen) = channel();
    let mut work = Box::pin(Reports(sender).carry());
    assert!(poll_once(work.as_mut()).is_pending());
    assert_eq!(seen.recv().unwrap(), ("poll", None));
}

#[test]
fn carried_work_gives_what_it_gives() {
    assert_eq!(run(async { 7 }.carry()), Some(7));
    assert!(format!("{:?}", async {}.carry()).starts_with("Carried"));
}
