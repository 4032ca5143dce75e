//! A ledger as a signal: it stands with the windows and notes what was told to them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use http::{Request, Response, request};
use tower_layer::Layer;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Ending, Exchange, RequestId, Signal, SignalExt, TraceIds, Verdict};
use tower_telemetry_testing::{
    EndAnswer, ExchangeKey, Ledger, Reply, Scripted, ScriptedBody, Sentence, Source, call, run,
};

/// Tells trace ids and a request id, as the windows before a ledger do.
#[derive(Clone)]
struct Ids(TraceIds);

impl Signal for Ids {
    type Observer = ();
    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.set_trace(self.0);
        exchange.set_request_id(RequestId::new("one").unwrap());
    }
}

fn empty(status: u16) -> Scripted {
    let mut response = Response::new(ScriptedBody::new().with_end(EndAnswer::Always));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    Scripted::new([Reply::response(response)])
}

#[test]
fn a_ledger_before_the_windows_notes_the_outcome_itself() {
    let ids = TraceIds::random(TraceFlags::NONE);
    let ledger = Ledger::new(8).expecting([Source::Outcome, Source::Log]);
    let mut service = (ledger.clone(), Ids(ids)).client().layer(empty(404));
    assert!(run(call(&mut service, Request::new(()))).unwrap().is_ok());
    assert_eq!((ledger.summary().open, ledger.summary().in_flight()), (1, 0));
    let log = Sentence::new()
        .route(None::<String>)
        .status(Some(404))
        .grpc(None::<String>)
        .error_type(Some("404"))
        .verdict(Verdict::CallerFault)
        .ending(Ending::Dropped)
        .request_id(Some("one"));
    ledger.note(Source::Log, ExchangeKey::from(ids), log);

    let summary = ledger.summary();
    assert_eq!((summary.started, summary.ended, summary.complete), (1, 1, 1));
    assert_eq!(summary.disagreements, 1);
    assert!(
        summary.first_disagreements[0].ends_with("ending is complete to the outcome, but dropped to the log")
    );
    assert_eq!((summary.with_verdict(Verdict::CallerFault), summary.with_verdict(Verdict::Ok)), (1, 0));
    assert_eq!((summary.with_ending(Ending::Complete), summary.with_ending(Ending::Dropped)), (1, 0));
}

#[test]
fn an_exchange_without_ids_is_counted_and_not_compared() {
    let ledger = Ledger::new(8);
    let mut service = ledger.clone().server().layer(empty(200));
    assert!(run(call(&mut service, Request::new(()))).unwrap().is_ok());
    let summary = ledger.summary();
    assert_eq!((summary.ended, summary.without_ids, summary.complete, summary.open), (1, 1, 0, 0));
}

#[test]
fn a_ledger_that_is_stacked_twice_notes_an_exchange_once() {
    let ledger = Ledger::new(8).expecting([Source::Outcome, Source::Log]);
    let layer = (Ids(TraceIds::random(TraceFlags::NONE)), ledger.clone()).server();
    let mut service = layer.layer(layer.layer(empty(200)));
    assert!(run(call(&mut service, Request::new(()))).unwrap().is_ok());
    assert_eq!((ledger.summary().started, ledger.summary().disagreements), (1, 0));
}

#[test]
fn an_exchange_that_has_not_ended_is_in_flight() {
    let ledger = Ledger::new(8);
    let never: Scripted = Scripted::new([Reply::never()]);
    let mut service = ledger.clone().server().layer(never);
    let future = call(&mut service, Request::new(()));
    assert_eq!((ledger.summary().in_flight(), ledger.summary().ended), (1, 0));
    drop(future);
    assert_eq!((ledger.summary().in_flight(), ledger.summary().ended), (0, 1));
}
