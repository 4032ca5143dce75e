use std::convert::Infallible;
use std::pin::pin;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response};
use opentelemetry::trace::SpanKind;
use tower::{Layer, service_fn};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{Authority, SignalExt, TraceIds, Trust};
use tower_telemetry_testing::{ScriptedBody, call, read_body};
use tower_telemetry_trace::{Hints, Peers};

use crate::stage::{Served, Stage, answer, card, only, reason, request};

fn timings(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("server-timing").iter().map(|value| value.to_str().unwrap()).collect()
}

/// What a server says of an HTTP request that it answers so.
fn answered(stage: &Stage, status: u16) -> (Served, TraceIds) {
    let (request, caller) = request(TraceFlags::NONE);
    let served = stage.serve(request, || async {
        let mut response = answer(status);
        response.headers_mut().insert("server-timing", "db;dur=53".parse().unwrap());
        response
    });
    (served, caller)
}

#[test]
fn a_caller_is_told_at_the_head_that_its_trace_is_kept_beside_what_the_handler_says() {
    let stage = Stage::waiting();
    let (served, caller) = answered(&stage, 500);
    let span = only(stage.written(), &SpanKind::Server);
    let told = format!("trace;desc=00-{}-{}-01", caller.trace_id, span.ids.span_id);
    assert_eq!(timings(&served.headers), ["db;dur=53", &told]);

    let (served, _) = answered(&stage, 200);
    assert_eq!(timings(&served.headers), ["db;dur=53"], "nothing is promised that is not known");
}

#[test]
fn nobody_is_told_who_is_a_stranger_or_where_it_is_turned_off() {
    for stage in [
        Stage::waiting().with(|trace| trace.with_trust(Trust::Link)),
        Stage::waiting().with(|trace| trace.with_trust(Trust::Never)),
        Stage::waiting().with(|trace| trace.with_hints(Hints::Untold)),
    ] {
        assert_eq!(timings(&answered(&stage, 500).0.headers), ["db;dur=53"]);
    }
}

/// What a server says of a gRPC call: `head` and `trailers` are the fields of its answer.
fn called(content_type: &str, head: &[(&'static str, &str)], trailers: &[(&'static str, &str)]) -> Served {
    let fields = |pairs: &[(&'static str, &str)]| -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    };
    let (head, trailers) = (fields(head), fields(trailers));
    let (mut request, _) = request(TraceFlags::NONE);
    request.headers_mut().insert(CONTENT_TYPE, content_type.parse().unwrap());
    Stage::waiting().serve(request, || {
        let body = ScriptedBody::new().data("message");
        let mut response = Response::new(if trailers.is_empty() {
            ScriptedBody::new()
        } else {
            body.trailers(trailers.clone())
        });
        response.headers_mut().extend(head.clone());
        async { response }
    })
}

#[test]
fn a_caller_over_grpc_is_told_in_the_trailers() {
    let served = called("application/grpc", &[], &[("grpc-status", "13")]);
    assert!(timings(&served.headers).is_empty());
    assert_eq!(timings(&served.trailers).len(), 1);
    let served = called("application/grpc", &[], &[("grpc-status", "0")]);
    assert!(timings(&served.headers).is_empty() && timings(&served.trailers).is_empty());
}

#[test]
fn an_answer_without_a_message_tells_in_its_head() {
    assert_eq!(timings(&called("application/grpc", &[("grpc-status", "14")], &[]).headers).len(), 1);
    // The trailers of gRPC-Web are in the body, which is nobody's to change.
    assert_eq!(timings(&called("application/grpc-web", &[("grpc-status", "2")], &[]).headers).len(), 1);
}

/// Serves a request that makes one call, whose callee answers with these fields for the ids that it is sent.
fn calling(stage: &Stage, tell: fn(TraceIds) -> (HeaderMap, HeaderMap)) -> Vec<String> {
    stage.serve(request(TraceFlags::NONE).0, || async {
        let callee = service_fn(|request: Request<()>| {
            let sent = TraceIds::from_headers(request.headers()).unwrap().unwrap();
            let (head, trailers) = tell(sent);
            let mut response = Response::new(ScriptedBody::new().data("message").trailers(trailers));
            *response.headers_mut() = head;
            async { Ok::<_, Infallible>(response) }
        });
        let layer = stage.trace.clone().client().with_server(Authority::new("inventory", 80));
        let response = call(&mut layer.layer(callee), Request::new(())).await.unwrap();
        read_body(pin!(response.into_body()));
        assert!(card().trace().is_some());
        answer(200)
    });
    stage.written().iter().map(reason).collect()
}

fn hint(name: &'static str, before: &str, ids: TraceIds) -> HeaderMap {
    let ids = TraceIds { flags: TraceFlags::SAMPLED, ..ids.child() };
    HeaderMap::from_iter([(name.parse().unwrap(), format!("{before}{ids}").parse().unwrap())])
}

#[test]
fn a_request_is_kept_whose_callee_keeps_its_part() {
    for tell in [
        (|ids| (hint("server-timing", "trace;desc=", ids), HeaderMap::new())) as fn(TraceIds) -> _,
        |ids| (HeaderMap::new(), hint("server-timing", "trace;desc=", ids)),
        |ids| (hint("traceresponse", "", ids), HeaderMap::new()),
    ] {
        assert_eq!(calling(&Stage::waiting(), tell), ["hint", "hint"]);
    }
}

#[test]
fn a_hint_of_another_trace_or_of_a_callee_that_is_not_believed_says_nothing() {
    let other: fn(TraceIds) -> _ =
        |_| (hint("server-timing", "trace;desc=", TraceIds::random(TraceFlags::NONE)), HeaderMap::new());
    assert!(calling(&Stage::waiting(), other).is_empty());

    let tell: fn(TraceIds) -> _ = |ids| (hint("server-timing", "trace;desc=", ids), HeaderMap::new());
    for peers in [Peers::nobody(), Peers::hosts(["shipping"])] {
        assert!(calling(&Stage::waiting().with(|trace| trace.with_hints_from(peers)), tell).is_empty());
    }
    let believing = Stage::waiting().with(|trace| trace.with_hints_from(Peers::hosts(["inventory"])));
    assert_eq!(calling(&believing, tell).len(), 2);
}

#[test]
fn a_hint_goes_on_to_the_callers_caller() {
    let stage = Stage::waiting();
    let served = stage.serve(request(TraceFlags::NONE).0, || async {
        card().want();
        answer(200)
    });
    assert_eq!(timings(&served.headers).len(), 1);
}
