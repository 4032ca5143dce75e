//! Which exchange a call was made in.

use std::sync::{Arc, Mutex};

use http::{Request, request};
use tower_layer::Layer;
use tower_telemetry_core::{Exchange, Signal, SignalExt, TraceIds, Window};
use tower_telemetry_testing::{Recorder, call};

use crate::again::{Again, How, empty, exchange, scripted};
use crate::handler::{Handler, TellsIds};

/// A further attempt used to be the call of the attempt before it.
#[test]
fn every_attempt_was_made_by_the_exchange_that_made_the_call() {
    let (server, seen) = (Recorder::<0>::new(), Callers::default());
    let service = seen.clone().client().layer(scripted([empty(503), empty(503), empty(200)]));
    let service = Recorder::<1>::new().client().layer(Again { inner: service, how: How::Retry(3) });
    let mut client = service.clone();
    let handler = Handler(move |_: Request<()>| call(&mut client, Request::new(())));
    assert_eq!(exchange((TellsIds, server.clone()).server().layer(handler)), 200);
    let caller = server.only_record().trace;
    assert!(caller.is_some());
    assert_eq!(*seen.0.lock().unwrap(), [caller, caller, caller]);

    let alone = Callers::default();
    let service = alone.clone().client().layer(scripted([empty(200)]));
    assert_eq!(exchange(service), 200);
    assert_eq!(*alone.0.lock().unwrap(), [None], "a call that was made in no exchange has no caller");
}

#[test]
fn a_server_was_called_by_nobody_it_knows() {
    let seen = Callers::default();
    let mut inner = seen.clone().server().layer(scripted([empty(200)]));
    let handler = Handler(move |_: Request<()>| call(&mut inner, Request::new(())));
    assert_eq!(exchange((TellsIds, Recorder::<0>::new()).server().layer(handler)), 200);
    assert_eq!(*seen.0.lock().unwrap(), [None]);
}

/// Notes the trace ids of the exchange that made each call.
#[derive(Debug, Clone, Default)]
struct Callers(Arc<Mutex<Vec<Option<TraceIds>>>>);

impl Signal for Callers {
    const WINDOW: Window = Window::custom(12);
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        self.0.lock().unwrap().push(exchange.caller().and_then(|caller| caller.trace()));
    }
}
