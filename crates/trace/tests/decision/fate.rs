use std::pin::pin;
use std::time::{Duration, SystemTime};

use http::{Request, StatusCode, request};
use opentelemetry::Context;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample};
use tower::Layer;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{
    Exchange, Observer, Outcome, Protocol, Route, Signal, SignalExt, TraceIds, Trust,
};
use tower_telemetry_testing::{
    Recorder, Reply, Scripted, ScriptedBody, call, poll_body, poll_once, read_body, run,
};
use tower_telemetry_trace::{Decision, Learning, Reason, SpanNaming, Trace};

use crate::stage::{Stage, answer, attribute, card, only, reason, request};

#[test]
fn what_is_dropped_at_the_head_has_ids_and_is_not_asked_about_again() {
    let stage = Stage::of(Decision::Drop, Decision::Drop);
    let (request, caller) = request(TraceFlags::SAMPLED.with(TraceFlags::RANDOM));
    stage.serve(request, || async {
        let ids = card().trace().unwrap();
        assert_eq!(
            (ids.trace_id, ids.flags),
            (caller.trace_id, TraceFlags::RANDOM),
            "not sampled, still random"
        );
        assert_ne!(ids.span_id, caller.span_id);
        assert_eq!(card().kept_trace(), None);
        answer(500)
    });
    assert_eq!(stage.log(), ["head of server", "learnt of server"]);
    assert!(stage.written().is_empty());
}

#[test]
fn who_does_not_learn_is_told_no_end_whatever_becomes_of_an_exchange() {
    let record = Decision::Record { reason: Reason::Head, ot: None };
    for (decision, log) in [
        (Decision::Drop, vec!["head of server"]),
        (Decision::Wait, vec!["head of server", "end of server, 1 spans"]),
        (record, vec!["head of server"]),
    ] {
        let stage = Stage::learning(decision, Decision::Drop, Learning::Nothing);
        stage.serve(http::Request::new(()), || async { answer(200) });
        assert_eq!(stage.log(), log);
    }
}

#[test]
fn what_waits_is_asked_about_at_its_end_and_leaves_nothing_if_it_is_not_kept() {
    let stage = Stage::waiting();
    stage.serve(request(TraceFlags::NONE).0, || async { answer(200) });
    assert_eq!(stage.log(), ["head of server", "end of server, 1 spans", "learnt of server"]);
    assert!(stage.written().is_empty());
}

#[test]
fn what_is_kept_at_its_end_is_written_once_from_the_card_and_its_outcome() {
    let stage = Stage::waiting().with(|trace| trace.with_naming(SpanNaming::Prefixed));
    let (request, caller) = request(TraceFlags::RANDOM);
    let before = SystemTime::now();
    stage.serve(request, || async {
        card().set_route(Route::template("/users/{id}"));
        card().set("cart.items", 3_i64);
        assert_eq!(
            card().trace().unwrap().flags,
            TraceFlags::RANDOM,
            "callees are told that it is not sampled"
        );
        answer(503)
    });
    let written = stage.written();
    assert_eq!(written.len(), 1);
    let span = only(written, &SpanKind::Server);
    assert_eq!(span.ids.trace_id, caller.trace_id);
    assert_eq!(span.ids.flags, TraceFlags::SAMPLED.with(TraceFlags::RANDOM));
    assert_eq!((span.parent, span.parent_is_remote), (Some(caller.span_id), true));
    assert_eq!(span.name, "HTTP GET /users/{id}", "a route that was told late is told");
    assert_eq!(span.status, Status::error(""));
    assert!(before <= span.started && span.started <= span.ended && span.ended <= SystemTime::now());
    for (key, value) in [
        ("sampling.reason", "error"),
        ("http.request.method", "GET"),
        ("url.path", "/users/7"),
        ("http.route", "/users/{id}"),
        ("http.response.status_code", "503"),
        ("error.type", "503"),
        ("cart.items", "3"),
    ] {
        assert_eq!(attribute(&span, key).as_deref(), Some(value), "{key}");
    }
}

#[test]
fn a_late_span_takes_as_long_as_the_exchange_did() {
    let stage = Stage::waiting();
    let recorder: Recorder = Recorder::new();
    let layer = (stage.trace.clone(), recorder.clone()).server();
    let mut service =
        layer.layer(Scripted::<ScriptedBody>::new([Reply::response(answer(500)).after_pending(3)]));
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    read_body(pin!(response.into_body()));
    let span = only(stage.written(), &SpanKind::Server);
    let took = span.ended.duration_since(span.started).unwrap();
    let total = recorder.records()[0].outcome.total;
    // A time of day may have a coarser grain than a duration.
    assert!(took.abs_diff(total) < Duration::from_micros(1), "{took:?} {total:?}");
}

#[test]
fn whatever_way_an_exchange_ends_its_late_span_tells_it() {
    let ended = |reply: Reply, give_up: fn(Scripted, &Stage)| {
        let stage = Stage::waiting();
        give_up(Scripted::new([reply]), &stage);
        let written = stage.written();
        assert!(written.len() <= 1, "one span of one exchange");
        written.first().map(|span| attribute(span, "tower_telemetry.ending").unwrap())
    };
    let cancel = |inner: Scripted, stage: &Stage| {
        let mut service = (stage.trace.clone(), Want).server().layer(inner);
        let mut future = Box::pin(call(&mut service, Request::new(())));
        assert!(poll_once(future.as_mut()).is_pending());
    };
    let panics = |inner: Scripted, stage: &Stage| {
        let mut service = (stage.trace.clone(), Want).server().layer(inner);
        let future = call(&mut service, Request::new(()));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(future))).unwrap_err();
    };
    let hang_up = |inner: Scripted, stage: &Stage| {
        let mut service = (stage.trace.clone(), Want).server().layer(inner);
        let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
        let mut body = Box::pin(response.into_body());
        poll_body(body.as_mut());
    };
    let stream = |body: ScriptedBody| Reply::response(http::Response::new(body));
    assert_eq!(ended(Reply::never(), cancel).as_deref(), Some("dropped"));
    assert_eq!(ended(Reply::panic_in_future(), panics).as_deref(), Some("panicked"));
    assert_eq!(ended(stream(ScriptedBody::new().data("a").stall()), hang_up).as_deref(), Some("dropped"));
    assert_eq!(
        ended(stream(ScriptedBody::new().error(Default::default())), hang_up).as_deref(),
        Some("failed")
    );
    assert_eq!(ended(stream(ScriptedBody::new()), hang_up).as_deref(), Some("complete"));
}

/// Wants every exchange kept.
#[derive(Clone)]
struct Want;

impl Signal for Want {
    type Observer = ();
    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.want();
    }
}

#[test]
fn the_other_windows_hear_of_an_end_when_its_fate_is_known() {
    /// Asserts that what is kept is known, wherever it stands.
    #[derive(Clone, Copy)]
    struct Follow;
    impl Signal for Follow {
        type Observer = Self;
        fn start(&self, _: &Exchange, _: &mut request::Parts) -> Self {
            *self
        }
    }
    impl Observer for Follow {
        type Guard = ();
        fn enter(&self) {}
        fn end(self, exchange: &Exchange, outcome: &Outcome) {
            let is_error = outcome.status == Some(StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(exchange.kept_trace().is_some(), is_error);
        }
    }
    for status in [200, 500] {
        let stage = Stage::waiting();
        let mut service = (Follow, stage.trace.clone(), Follow)
            .server()
            .layer(Scripted::<ScriptedBody>::new([Reply::response(answer(status))]));
        let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
        read_body(pin!(response.into_body()));
    }
}

#[test]
fn a_strangers_trace_is_linked_by_a_late_span_too() {
    let stage = Stage::waiting().with(|trace| trace.with_trust(Trust::Link));
    let (request, stranger) = request(TraceFlags::SAMPLED);
    stage.serve(request, || async { answer(500) });
    let span = only(stage.written(), &SpanKind::Server);
    assert_ne!(span.ids.trace_id, stranger.trace_id);
    assert_eq!(span.parent, None);
    let link = &span.links[0].span_context;
    assert_eq!(link.trace_id().to_bytes(), stranger.trace_id.to_bytes());
    assert_eq!(link.span_id().to_bytes(), stranger.span_id.to_bytes());
}

#[test]
fn what_is_not_sampled_claims_no_probability_to_anyone() {
    let stage = Stage::waiting();
    let (mut request, _) = request(TraceFlags::SAMPLED);
    request.headers_mut().insert("tracestate", "a=1,ot=th:c;rv:00000000000001".parse().unwrap());
    let inner: Scripted = Scripted::new([Reply::response(answer(200))]);
    stage.serve(request, || async {
        let mut client = stage.trace.clone().client().layer(inner.clone());
        drop(call(&mut client, Request::new(())).await);
        answer(500)
    });
    let sent = inner.heads()[0].headers["tracestate"].clone();
    assert_eq!(sent, "ot=rv:00000000000001,a=1");
    for span in stage.written() {
        assert_eq!(span.state.to_header_value().unwrap(), sent);
    }
}

#[test]
fn what_serves_an_export_is_neither_asked_about_nor_learnt_of() {
    let stage = Stage::waiting();
    let _quiet = Context::enter_telemetry_suppressed_scope();
    stage.serve(request(TraceFlags::SAMPLED).0, || async { answer(500) });
    assert!(stage.log().is_empty());
    assert!(stage.written().is_empty());
}

#[test]
fn a_grpc_call_that_nobody_knows_is_told_with_the_path_that_it_came_with() {
    let stage = Stage::waiting();
    let request = Request::post("/pkg.Service/Unknown").header("content-type", "application/grpc");
    stage.serve(request.body(()).unwrap(), || async {
        assert_eq!(card().protocol, Protocol::Grpc);
        answer(200)
    });
    let span = only(stage.written(), &SpanKind::Server);
    assert_eq!(attribute(&span, "rpc.method_original").as_deref(), Some("pkg.Service/Unknown"));
    assert_eq!(reason(&span), Reason::Error.as_str(), "a call without a status is no success");
}

#[test]
fn a_record_that_the_tracer_does_not_make_is_a_drop() {
    let record = Decision::Record { reason: Reason::Head, ot: None };
    let stage = Stage::of(record.clone(), record);
    stage.serve(Request::new(()), || async {
        assert!(card().trace().is_some_and(|ids| ids != TraceIds::random(TraceFlags::NONE)));
        assert_eq!(card().kept_trace(), None);
        answer(500)
    });
    assert_eq!(stage.log(), ["head of server", "learnt of server"]);
}

#[test]
fn without_a_decision_the_sampler_of_the_provider_is_asked_with_a_bare_builder() {
    /// Drops all, once it has seen that nothing was built for it.
    #[derive(Debug, Clone)]
    struct Bare;
    impl ShouldSample for Bare {
        fn should_sample(
            &self,
            _: Option<&Context>,
            _: opentelemetry::trace::TraceId,
            name: &str,
            kind: &SpanKind,
            attributes: &[opentelemetry::KeyValue],
            links: &[opentelemetry::trace::Link],
        ) -> SamplingResult {
            assert_eq!((name, kind, attributes.len(), links.len()), ("GET", &SpanKind::Server, 0, 0));
            SamplingResult {
                decision: SamplingDecision::Drop,
                attributes: Vec::new(),
                trace_state: opentelemetry::trace::TraceState::NONE,
            }
        }
    }
    let provider = SdkTracerProvider::builder().with_sampler(Bare).build();
    let layer = Trace::with_tracer_provider(&provider).server();
    let inner: Scripted = Scripted::new([Reply::response(answer(500))]);
    let response = run(call(&mut layer.layer(inner), request(TraceFlags::SAMPLED).0)).unwrap().unwrap();
    assert!(response.headers().is_empty(), "nobody is told of what another decides");
}
