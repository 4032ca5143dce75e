//! Which wrappers share an exchange, and which do not.

use std::io;

use http::{Request, Response};
use tower_layer::Layer;
use tower_telemetry_core::{Exchange, RouteLayer, Side, SignalExt, current};
use tower_telemetry_testing::{Recorder, Scripted, call, read_body, run};

use crate::handler::{Handler, TellsIds};
use crate::row::{Body, body, respond};

fn scripted(times: usize) -> Scripted<Body, io::Error> {
    Scripted::new((0..times).map(|_| respond(200, body().data("abc"))))
}

fn read<B: http_body::Body>(response: Response<B>) {
    read_body(Box::pin(response.into_body()).as_mut());
}

#[test]
fn a_proxy_that_hands_its_request_on_to_a_client_opens_another_exchange() {
    let (server, client) = (Recorder::<0>::new(), Recorder::<0>::new());
    let mut onward = (TellsIds, client.clone()).client().layer(scripted(1));
    let proxy = Handler(move |request| call(&mut onward, request));
    let mut service = (TellsIds, server.clone()).server().layer(proxy);
    read(run(call(&mut service, Request::new(()))).unwrap().unwrap());

    let (server, client) = (server.only_record(), client.only_record());
    assert_eq!((server.side, client.side), (Side::Server, Side::Client));
    assert_ne!(server.trace, client.trace);
    assert_eq!((server.resend, client.resend), (0, 0), "an exchange of its own, and no further attempt");
}

#[test]
fn a_request_that_a_handler_makes_itself_is_no_part_of_its_exchange() {
    let (front, back) = (Recorder::<0>::new(), Recorder::<0>::new());
    let mut other = (TellsIds, back.clone()).server().layer(scripted(1));
    let handler = Handler(move |_: Request<()>| call(&mut other, Request::new(())));
    let mut service = (TellsIds, front.clone()).server().layer(handler);
    read(run(call(&mut service, Request::new(()))).unwrap().unwrap());
    assert_ne!(front.only_record().trace, back.only_record().trace);
}

#[test]
fn a_window_that_is_none_acts_in_every_wrapper() {
    let recorder = Recorder::<24>::new();
    let service = recorder.clone().server().layer(scripted(1));
    let mut service = (TellsIds, recorder.clone()).server().layer(service);
    read(run(call(&mut service, Request::new(()))).unwrap().unwrap());
    let records = recorder.records();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].trace, records[1].trace, "of the same exchange");
}

#[test]
fn a_pair_over_a_pair_with_one_window_in_common_tells_it_once() {
    let (a, b, c) = (Recorder::<0>::new(), Recorder::<1>::new(), Recorder::<2>::new());
    let service = (b.clone(), c.clone()).server().layer(scripted(1));
    let mut service = (a.clone(), b.clone()).server().layer(service);
    read(run(call(&mut service, Request::new(()))).unwrap().unwrap());
    assert_eq!([a.ended(), b.ended(), c.ended()], [1, 1, 1]);
    assert_eq!([a.started(), b.started(), c.started()], [1, 1, 1]);
}

#[test]
fn a_route_told_further_in_is_the_route_of_every_window() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let service = RouteLayer::fixed("/assets/{*path}").layer(inner.clone().server().layer(scripted(1)));
    let mut service = outer.clone().server().layer(service);
    read(run(call(&mut service, Request::new(()))).unwrap().unwrap());
    assert_eq!(outer.only_record().route.as_str(), Some("/assets/{*path}"));
    assert_eq!(inner.only_record().route.as_str(), Some("/assets/{*path}"));
}

#[test]
fn a_client_below_a_server_is_current_while_it_runs_and_the_server_afterwards() {
    let server = Recorder::<0>::new();
    let below = Handler(|request: Request<()>| {
        let own = Exchange::of(request.extensions()).unwrap().clone();
        assert!(std::sync::Arc::ptr_eq(&own, &current().unwrap()));
        assert_eq!(own.side, Side::Client);
        async move {
            assert!(std::sync::Arc::ptr_eq(&own, &current().unwrap()));
            Ok::<_, io::Error>(Response::new(body().data("abc")))
        }
    });
    let mut client = Recorder::<0>::new().client().layer(below);
    let handler = Handler(move |request: Request<()>| {
        let own = Exchange::of(request.extensions()).unwrap().clone();
        let future = call(&mut client, request);
        assert!(std::sync::Arc::ptr_eq(&own, &current().unwrap()));
        async move {
            let response = future.await;
            assert!(std::sync::Arc::ptr_eq(&own, &current().unwrap()));
            response
        }
    });
    let mut service = server.clone().server().layer(handler);
    read(run(call(&mut service, Request::new(()))).unwrap().unwrap());
    assert!(current().is_none());
    server.assert_nothing_in_flight();
    server.assert_always_current();
}
