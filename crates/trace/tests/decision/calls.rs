use std::pin::pin;
use std::sync::{Arc, Mutex};

use http::Request;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState};
use tower::Layer;
use tower_telemetry_core::{Carry, SignalExt, TraceIds, trace_ids};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, poll_once, run};
use tower_telemetry_trace::Decision;

use crate::stage::{Stage, answer, attribute, card, only, reason, refused, request, sent};

fn unsampled() -> Request<()> {
    request(trace_ids::TraceFlags::NONE).0
}

fn fine() -> Reply {
    Reply::response(answer(200))
}

#[test]
fn a_call_waits_with_the_request_that_it_is_made_for() {
    for (status, spans) in [(200, 0), (500, 2)] {
        let stage = Stage::waiting();
        let told = Mutex::new(None);
        stage.serve(unsampled(), || async {
            *told.lock().unwrap() = stage.call(fine()).await;
            assert!(stage.written().is_empty(), "nothing is known at the end of the call");
            answer(status)
        });
        let written = stage.written();
        assert_eq!(written.len(), spans, "status {status}");
        assert!(stage.log().contains(&"end of server, 2 spans".into()), "{:?}", stage.log());
        if spans == 0 {
            continue;
        }
        let (server, client) = (only(written.clone(), &SpanKind::Server), only(written, &SpanKind::Client));
        let told: TraceIds = told.lock().unwrap().unwrap();
        assert!(!told.flags.is_sampled());
        assert_eq!(
            (client.ids.trace_id, client.ids.span_id),
            (told.trace_id, told.span_id),
            "what its callee saw"
        );
        assert_eq!((client.parent, client.parent_is_remote), (Some(server.ids.span_id), false));
        assert_eq!((reason(&client), reason(&server)), ("error".into(), "error".into()));
        assert!(server.started <= client.started && client.ended <= server.ended);
    }
}

#[test]
fn a_span_in_between_that_was_not_recorded_is_nobodys_parent() {
    let stage = Stage::waiting();
    stage.serve(unsampled(), || async {
        // As an SDK leaves it: a span of its own id, not sampled, in the trace of its parent.
        let ids = card().trace().unwrap();
        let between = SpanContext::new(
            TraceId::from_bytes(ids.trace_id.to_bytes()),
            SpanId::from(7),
            TraceFlags::NOT_SAMPLED,
            false,
            TraceState::NONE,
        );
        let _between = Context::current().with_remote_span_context(between).attach();
        run(stage.call(fine())).unwrap();
        answer(500)
    });
    let (server, client) =
        (only(stage.written(), &SpanKind::Server), only(stage.written(), &SpanKind::Client));
    assert_eq!(client.parent, Some(server.ids.span_id));
}

#[test]
fn a_call_of_a_request_that_is_dropped_is_dropped_however_it_ends() {
    let stage = Stage::of(Decision::Drop, Decision::Wait);
    stage.serve(unsampled(), || async {
        stage.call(refused()).await;
        answer(500)
    });
    assert!(stage.written().is_empty());
    assert_eq!(stage.log(), ["head of server", "head of client", "learnt of server"]);
}

#[test]
fn so_many_calls_wait_and_the_rest_is_counted() {
    let stage = Stage::waiting();
    stage.serve(unsampled(), || async {
        for _ in 0..21 {
            stage.call(fine()).await;
        }
        answer(500)
    });
    let written = stage.written();
    assert_eq!(written.iter().filter(|span| span.kind == SpanKind::Client).count(), 16);
    let server = only(written, &SpanKind::Server);
    assert_eq!(attribute(&server, "tower_telemetry.calls.dropped").as_deref(), Some("5"));
    assert!(stage.log().contains(&"end of server, 17 spans".into()));

    let stage = Stage::waiting();
    stage.serve(unsampled(), || async { answer(500) });
    assert_eq!(attribute(&stage.written()[0], "tower_telemetry.calls.dropped"), None);
}

#[test]
fn a_call_that_outlives_its_request_shares_its_fate() {
    for (status, spans) in [(200, 0), (500, 2)] {
        let stage = Stage::waiting();
        let inner: Scripted = Scripted::new([fine().after_pending(1)]);
        let left = Arc::new(Mutex::new(None));
        stage.serve(unsampled(), || {
            let mut client = stage.trace.clone().client().layer(inner.clone());
            let future = call(&mut client, Request::new(()));
            *left.lock().unwrap() = Some(Box::pin(async move { drop(future.await.unwrap()) }.carry()));
            async move { answer(status) }
        });
        assert_eq!(stage.written().len(), spans / 2, "the request is over, the call is not");
        run(left.lock().unwrap().take().unwrap()).unwrap();
        assert_eq!(stage.written().len(), spans, "status {status}");
    }
}

#[test]
fn a_call_within_a_call_waits_with_the_request_of_both() {
    let stage = Stage::waiting();
    stage.serve(unsampled(), || async {
        let (token, inner) = (stage.trace.clone().client(), Scripted::<ScriptedBody>::new([fine()]));
        let service = tower::service_fn(move |_: Request<()>| {
            let mut token = token.layer(inner.clone());
            async move { call(&mut token, Request::new(())).await }
        });
        drop(call(&mut stage.trace.clone().client().layer(service), Request::new(())).await.unwrap());
        answer(500)
    });
    let written = stage.written();
    assert_eq!(written.len(), 3);
    let server = only(written.clone(), &SpanKind::Server);
    let outer = written.iter().find(|span| span.parent == Some(server.ids.span_id)).unwrap();
    assert!(written.iter().any(|span| span.parent == Some(outer.ids.span_id)));
}

#[test]
fn a_call_that_is_made_for_nobody_is_decided_about_alone() {
    let stage = Stage::waiting();
    run(stage.call(refused())).unwrap();
    let span = only(stage.written(), &SpanKind::Client);
    assert_eq!((span.parent, reason(&span)), (None, "error".into()));
    run(stage.call(fine())).unwrap();
    assert_eq!(stage.written().len(), 1);
    assert_eq!(
        stage.log(),
        ["head of client", "end of client, 1 spans", "head of client", "end of client, 1 spans"]
    );
}

#[test]
fn a_call_that_comes_to_no_answer_has_its_request_kept() {
    // Refused; given up while the request went on; broken after its head.
    let broken = || Reply::response(http::Response::new(ScriptedBody::new().error(Default::default())));
    for reply in [refused, Reply::never, broken] {
        let stage = Stage::waiting();
        stage.serve(unsampled(), || async {
            let mut calling = Box::pin(stage.call(reply()));
            let _ = poll_once(calling.as_mut());
            drop(calling);
            answer(200)
        });
        assert_eq!(stage.written().len(), 2, "{:?}", reply());
        assert!(stage.written().iter().all(|span| reason(span) == "hint"));
    }
}

#[test]
fn a_request_that_is_given_up_with_its_call_is_not_kept_for_that() {
    let stage = Stage::waiting();
    let inner: Scripted = Scripted::new([Reply::never()]);
    let (client, requested) = (stage.trace.clone().client(), inner.clone());
    let mut service = stage.trace.clone().server().layer(tower::service_fn(move |_: Request<()>| {
        let mut client = client.layer(requested.clone());
        async move { call(&mut client, Request::new(())).await }
    }));
    {
        let mut serving = pin!(call(&mut service, unsampled()));
        assert!(poll_once(serving.as_mut()).is_pending());
    }
    assert!(sent(&inner).is_some());
    assert!(stage.log().contains(&"end of server, 2 spans".into()), "{:?}", stage.log());
    assert!(stage.written().is_empty());
}
