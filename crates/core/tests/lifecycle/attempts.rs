//! Layers that send a request again: each attempt is an exchange of its own, and the layer outside sees one.

use std::collections::HashSet;
use std::io;

use tower_layer::Layer;
use tower_telemetry_core::{Ending, Route, SignalExt, Verdict};
use tower_telemetry_testing::Recorder;

use crate::again::{Again, How, empty, exchange, scripted};
use crate::handler::{TellsIds, TellsRequest};
use crate::row::{Answer, body, respond};

#[test]
fn each_attempt_of_a_retry_is_an_exchange_of_its_own() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let replies =
        [empty(503), Answer::error(io::ErrorKind::TimedOut.into()), respond(200, body().data("abc"))];
    let told = TellsRequest("one-request", Route::template("/users/{id}"));
    let service = (TellsIds, inner.clone()).client().layer(scripted(replies));
    let service = (told, outer.clone()).client().layer(Again { inner: service, how: How::Retry(3) });
    assert_eq!(exchange(service), 200);

    let attempts = inner.records();
    assert_eq!(attempts.iter().map(|attempt| attempt.resend).collect::<Vec<_>>(), [0, 1, 2]);
    let endings = attempts.iter().map(|attempt| (attempt.outcome.ending, attempt.outcome.error_type));
    assert_eq!(
        endings.collect::<Vec<_>>(),
        [(Ending::Complete, Some("503")), (Ending::Failed, Some("timeout")), (Ending::Complete, None)]
    );
    let ids: HashSet<_> = attempts.iter().map(|attempt| attempt.trace.unwrap()).collect();
    assert_eq!(ids.len(), 3, "each attempt has trace ids of its own");
    for attempt in &attempts {
        assert_eq!(attempt.request_id.as_ref().map(ToString::to_string).as_deref(), Some("one-request"));
        assert_eq!(attempt.route, Route::template("/users/{id}"));
    }

    outer.assert_told(Ending::Complete, Verdict::Ok);
    assert_eq!(outer.only_record().resend, 0);
    inner.assert_nothing_in_flight();
    inner.assert_always_current();
}

/// The outer window used to take over what the first attempt told, its duration included.
#[test]
fn a_window_around_a_retry_tells_the_time_of_all_attempts() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let service = inner.clone().client().layer(scripted([empty(503), empty(503)]));
    let service = outer.clone().client().layer(Again { inner: service, how: How::Retry(2) });
    assert_eq!(exchange(service), 503);

    let attempts: Vec<_> = inner.records().iter().map(|attempt| attempt.outcome.total).collect();
    assert_eq!(attempts.len(), 2);
    assert!(outer.only_record().outcome.total >= attempts[0] + attempts[1]);
}

#[test]
fn windows_stacked_apart_below_a_retry_share_each_attempt() {
    let (one, two) = (Recorder::<1>::new(), Recorder::<2>::new());
    let service = two.clone().client().layer(scripted([empty(503), respond(200, body().data("abc"))]));
    let service = (TellsIds, one.clone()).client().layer(service);
    let service = Recorder::<0>::new().client().layer(Again { inner: service, how: How::Retry(2) });
    assert_eq!(exchange(service), 200);

    let told = |records: Vec<tower_telemetry_testing::Record>| {
        records.into_iter().map(|told| (told.resend, told.trace.unwrap(), told.outcome)).collect::<Vec<_>>()
    };
    assert_eq!(told(one.records()), told(two.records()));
    assert_eq!(one.ended(), 2);
}

#[test]
fn a_window_on_both_sides_of_a_retry_sees_one_exchange() {
    let recorder = Recorder::<0>::new();
    let service = recorder.clone().client().layer(scripted([empty(503), empty(503), empty(200)]));
    let service = recorder.clone().client().layer(Again { inner: service, how: How::Retry(3) });
    assert_eq!(exchange(service), 200);
    recorder.assert_told(Ending::Complete, Verdict::Ok);
}

#[test]
fn a_retry_outside_of_all_windows_makes_exchanges_that_know_nothing_of_each_other() {
    let recorder = Recorder::<0>::new();
    let service = recorder.clone().client().layer(scripted([empty(503), empty(200)]));
    assert_eq!(exchange(Again { inner: service, how: How::Retry(2) }), 200);
    assert_eq!(recorder.records().iter().map(|told| told.resend).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn a_hedged_request_is_two_exchanges_of_which_one_is_dropped() {
    let (outer, inner) = (Recorder::<0>::new(), Recorder::<1>::new());
    let service = (TellsIds, inner.clone())
        .client()
        .layer(scripted([Answer::never(), respond(200, body().data("abc"))]));
    let service = outer.clone().client().layer(Again { inner: service, how: How::Hedge });
    assert_eq!(exchange(service), 200);

    let mut attempts: Vec<_> =
        inner.records().iter().map(|told| (told.resend, told.outcome.ending, told.outcome.status)).collect();
    attempts.sort_by_key(|(resend, ..)| *resend);
    assert_eq!(attempts, [(0, Ending::Dropped, None), (1, Ending::Complete, Some(http::StatusCode::OK))]);
    outer.assert_told(Ending::Complete, Verdict::Ok);
    inner.assert_nothing_in_flight();
}
