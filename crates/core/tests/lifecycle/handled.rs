//! What a handler writes on its exchange: a failure, attributes, labels.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, StatusCode};
use tower_layer::Layer;
use tower_telemetry_core::{Exchange, Label, SignalExt, Value, Verdict, current};
use tower_telemetry_testing::{Record, Recorder, call, read_body, run};

use crate::handler::{Handler, send};
use crate::row::body;

enum Tier {
    Paid,
    Unheard,
}

impl Label for Tier {
    const NAME: &'static str = "tier";
    const VALUES: &'static [&'static str] = &["free", "paid"];
    fn index(&self) -> usize {
        match self {
            Self::Paid => 1,
            Self::Unheard => 2,
        }
    }
}

/// One of many labels, each a type of its own.
struct Nth<const N: usize>;

impl<const N: usize> Label for Nth<N> {
    const NAME: &'static str = ["one", "two", "three", "four", "five"][N];
    const VALUES: &'static [&'static str] = &["yes"];
    fn index(&self) -> usize {
        0
    }
}

/// What is told of an exchange with a good answer, whose handler does this.
fn handled(handle: fn(&Exchange)) -> Record {
    let recorder = Recorder::<0>::new();
    let handler = Handler(move |_| async move {
        handle(&current().unwrap());
        Ok::<_, io::Error>(http::Response::new(body().data("abc")))
    });
    let mut service = recorder.clone().server().layer(handler);
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
    recorder.only_record()
}

#[test]
fn a_handler_that_fails_its_exchange_makes_a_fault_of_a_200() {
    let outcome = handled(|exchange| {
        exchange.fail("payment_declined");
        exchange.fail("too late");
    })
    .outcome;
    assert_eq!(outcome.status, Some(StatusCode::OK));
    assert_eq!((outcome.verdict, outcome.error_type), (Verdict::ServiceFault, Some("payment_declined")));
}

#[test]
fn a_handler_writes_attributes_and_labels_until_they_are_full() {
    const KEYS: [&str; 17] =
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"];
    let record = handled(|exchange| {
        let kept = KEYS.iter().filter(|key| exchange.set(key, 1_i64)).count();
        assert_eq!(kept, 16);
        assert!(exchange.label(Tier::Paid));
        assert!(!exchange.label(Tier::Unheard), "a value that was not declared is refused");
    });
    assert_eq!(record.attributes.len(), 16);
    assert_eq!(record.attributes[0], ("a", Value::Integer(1)));
    assert_eq!(record.labels, [("tier", "paid")]);
}

#[test]
fn a_handler_writes_no_more_than_four_labels() {
    let record = handled(|exchange| {
        let kept = [
            exchange.label(Nth::<0>),
            exchange.label(Nth::<1>),
            exchange.label(Nth::<2>),
            exchange.label(Nth::<3>),
            exchange.label(Nth::<4>),
            exchange.label(Nth::<0>),
        ];
        assert_eq!(kept, [true, true, true, true, false, true], "one that stands may be written again");
    });
    let names: Vec<_> = record.labels.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["one", "two", "three", "four"]);
}

#[test]
fn an_exchange_that_is_kept_tells_its_outcome_once_it_is_over() {
    let kept = Arc::new(Mutex::new(None));
    let (recorder, keep) = (Recorder::<0>::new(), Arc::clone(&kept));
    let handler = Handler(move |_: Request<()>| {
        let exchange = current().unwrap();
        assert_eq!(exchange.outcome(), None);
        *keep.lock().unwrap() = Some(exchange);
        async { Ok::<_, io::Error>(http::Response::new(body().data("abc"))) }
    });
    send(recorder.clone().server().layer(handler), Request::new(()));
    let exchange = kept.lock().unwrap().take().unwrap();
    assert_eq!(exchange.outcome(), Some(recorder.only_record().outcome));
}

#[test]
fn an_exchange_grows_older() {
    let record = handled(|exchange| {
        let young = exchange.age();
        assert!((0..100_000_000).any(|_| exchange.age() > young));
    });
    let outcome = record.outcome;
    assert!(outcome.head.unwrap() > Duration::ZERO && outcome.head.unwrap() <= outcome.total);
}
