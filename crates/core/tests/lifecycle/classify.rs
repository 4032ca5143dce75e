//! A program's own say in what is a success.

use std::any::Any;
use std::io;

use http::{HeaderMap, StatusCode, response};
use tower_layer::Layer;
use tower_telemetry_core::{Classify, Ending, Exchange, Judgement, Outcome, Side, SignalExt, Verdict};
use tower_telemetry_testing::{Recorder, Scripted, call, read_body, run};

use crate::arrangement::caught;
use crate::row::{Answer, Ask, Body, ask, body, fields_of, get, post, reset, respond, respond_with};

const EVENTS: (&str, &str) = ("content-type", "text/event-stream");

/// 404 is a good answer, 418 a fault; the trailer `x-verdict` decides for itself; a reset is the caller's matter.
struct Rules;

impl Classify for Rules {
    fn head(&self, _: &Exchange, head: &response::Parts) -> Option<Judgement> {
        match head.status {
            StatusCode::NOT_FOUND => Some(Judgement { verdict: Verdict::Ok, error_type: Some("never told") }),
            StatusCode::IM_A_TEAPOT => Some(Judgement::service_fault("teapot")),
            _ => None,
        }
    }

    fn trailers(&self, _: &Exchange, trailers: &HeaderMap) -> Option<Judgement> {
        match trailers.get("x-verdict")?.as_bytes() {
            b"ok" => Some(Judgement::of(Verdict::Ok)),
            _ => Some(Judgement::service_fault("trailer")),
        }
    }

    fn error(&self, _: &Exchange, error: &dyn Any) -> Option<Judgement> {
        let error = error.downcast_ref::<io::Error>()?;
        (error.kind() == io::ErrorKind::ConnectionReset)
            .then_some(Judgement { verdict: Verdict::CallerFault, error_type: Some("went_away") })
    }
}

/// What is told of an exchange that is read to its end or stall, then dropped.
fn told(side: Side, ask: &Ask, reply: Answer) -> Outcome {
    let recorder = Recorder::<0>::new();
    let layer = match side {
        Side::Server => recorder.clone().server(),
        Side::Client => recorder.clone().client(),
    };
    let inner: Scripted<Body, io::Error> = Scripted::new([reply]);
    let mut service = layer.with_classify(Rules).layer(inner);
    let response = caught(|| run(call(&mut service, ask.request())));
    if let Some(Some(Ok(response))) = response {
        let mut body = Box::pin(response.into_body());
        let _ = caught(|| read_body(body.as_mut()));
    }
    recorder.only_record().outcome
}

fn verdict(reply: Answer) -> (Verdict, Option<&'static str>) {
    let outcome = told(Side::Server, &get(), reply);
    (outcome.verdict, outcome.error_type)
}

fn ending_with(status: u16, verdict: &'static str) -> Answer {
    respond(status, body().trailers(fields_of(&[("x-verdict", verdict)])))
}

#[test]
fn an_expected_404_is_a_success_without_an_error_type() {
    for side in [Side::Server, Side::Client] {
        let outcome = told(side, &get(), respond(404, body().data("none")));
        assert_eq!((outcome.verdict, outcome.error_type), (Verdict::Ok, None), "{side:?}");
        assert_eq!(outcome.status, Some(StatusCode::NOT_FOUND));
    }
}

#[test]
fn a_head_that_the_rules_leave_open_is_judged_as_ever() {
    assert_eq!(verdict(respond(500, body())), (Verdict::ServiceFault, Some("500")));
    assert_eq!(verdict(respond(200, body())), (Verdict::Ok, None));
}

#[test]
fn the_trailers_decide_after_the_head() {
    assert_eq!(verdict(ending_with(418, "ok")), (Verdict::Ok, None));
    assert_eq!(verdict(ending_with(404, "bad")), (Verdict::ServiceFault, Some("trailer")));
    let silent = respond(418, body().trailers(fields_of(&[("x-other", "1")])));
    assert_eq!(
        verdict(silent),
        (Verdict::ServiceFault, Some("teapot")),
        "silent trailers leave the head's word"
    );
}

#[test]
fn an_error_is_downcast_by_the_rules() {
    assert_eq!(verdict(Answer::error(reset())), (Verdict::CallerFault, Some("went_away")));
    assert_eq!(verdict(respond(200, body().error(reset()))), (Verdict::CallerFault, Some("went_away")));
}

/// A 404 that was called fine at its head used to stay fine when its body broke.
#[test]
fn what_was_said_of_the_head_does_not_hold_for_an_error_after_it() {
    let broken = respond(404, body().error(io::ErrorKind::TimedOut.into()));
    assert_eq!(verdict(broken), (Verdict::ServiceFault, Some("timeout")));
}

/// A 404 that was called fine at its head used to stay fine when its reader left.
#[test]
fn nobody_can_call_a_cancelled_exchange_a_success() {
    for reply in [respond(404, body().stall()), respond(418, body().stall())] {
        let outcome = told(Side::Server, &get(), reply);
        assert_eq!((outcome.ending, outcome.verdict), (Ending::Dropped, Verdict::Cancelled));
        assert_eq!(outcome.error_type, None);
    }
    let call = respond(404, body().stall());
    assert_eq!(told(Side::Client, &post("application/grpc"), call).verdict, Verdict::Cancelled);
}

#[test]
fn a_reader_that_may_leave_leaves_the_rules_their_word() {
    let stream = respond_with(418, &[EVENTS], body().stall());
    assert_eq!(verdict(stream), (Verdict::ServiceFault, Some("teapot")));
    let status_only = told(Side::Client, &get(), respond(404, body().stall()));
    assert_eq!((status_only.ending, status_only.verdict), (Ending::Dropped, Verdict::Ok));
}

#[test]
fn nobody_can_call_a_panic_a_success() {
    assert_eq!(verdict(respond(404, body().panic())), (Verdict::ServiceFault, Some("panic")));
}

#[test]
fn the_rules_judge_an_upgrade_too() {
    let refused = told(Side::Server, &ask(http::Method::CONNECT), respond(200, body()));
    assert_eq!((refused.ending, refused.verdict), (Ending::Upgraded, Verdict::Ok));
}
