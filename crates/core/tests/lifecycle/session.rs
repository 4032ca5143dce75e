//! What goes on after an upgrade, where its future holds a session.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, request};
use tower_layer::Layer;
use tower_telemetry_core::{Ending, Exchange, Observer, Outcome, Session, Signal, SignalExt, current};
use tower_telemetry_testing::{Scripted, call};

use crate::handler::{Handler, send};
use crate::row::{Body, body, respond};

/// Wants to know how long sessions were.
#[derive(Debug, Clone)]
struct Lengths(Sender<Duration>);

impl Signal for Lengths {
    type Observer = Self;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> Self {
        self.clone()
    }
}

impl Observer for Lengths {
    type Guard = ();

    fn enter(&self) {}

    fn end(self, exchange: &Exchange, outcome: &Outcome) {
        if outcome.ending == Ending::Upgraded {
            exchange.at_session_end(move |_, length| self.0.send(length).unwrap());
        }
    }
}

/// The sessions that a handler takes, so many, of an exchange that answers with this status; and what is told of them.
fn sessions(status: u16, count: usize) -> (Vec<Session>, Receiver<Duration>) {
    let (sender, lengths) = channel();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&taken);
    let handler = Handler(move |_: Request<()>| {
        let exchange = current().unwrap();
        keep.lock().unwrap().extend((0..count).map(|_| Session::of(&exchange)));
        let mut inner: Scripted<Body, io::Error> = Scripted::new([respond(status, body())]);
        call(&mut inner, Request::new(()))
    });
    send(Lengths(sender).server().layer(handler), Request::new(()));
    let taken = std::mem::take(&mut *taken.lock().unwrap());
    (taken, lengths)
}

#[test]
fn a_session_lasts_until_the_last_of_it_is_dropped_and_is_told_once() {
    let (mut taken, lengths) = sessions(101, 2);
    taken.push(taken[0].clone());
    while taken.len() > 1 {
        assert!(lengths.try_recv().is_err());
        taken.pop();
    }
    assert!(lengths.try_recv().is_err());
    taken.pop();
    assert!(lengths.recv().unwrap() > Duration::ZERO);
    assert!(lengths.recv().is_err(), "told once, and nothing of it is kept");
}

#[test]
fn an_exchange_that_stays_http_has_no_session() {
    let (taken, lengths) = sessions(200, 2);
    drop(taken);
    assert!(lengths.recv().is_err());
}

#[test]
fn an_upgrade_whose_session_nobody_holds_is_not_timed() {
    let (_, lengths) = sessions(101, 0);
    assert!(lengths.recv().is_err());
}

#[test]
fn work_that_is_over_before_the_head_was_no_session() {
    let (sender, lengths) = channel();
    let (keep, kept) = channel();
    let handler = Handler(move |_: Request<()>| {
        let exchange = current().unwrap();
        drop(Session::of(&exchange));
        keep.send(Session::of(&exchange)).unwrap();
        drop(Session::of(&exchange));
        let mut inner: Scripted<Body, io::Error> = Scripted::new([respond(101, body())]);
        call(&mut inner, Request::new(()))
    });
    send(Lengths(sender).server().layer(handler), Request::new(()));
    assert!(lengths.try_recv().is_err());
    drop(kept.recv().unwrap());
    assert!(lengths.recv().is_ok());
}
