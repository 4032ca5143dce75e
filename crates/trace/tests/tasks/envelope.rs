use std::collections::BTreeMap;
use std::time::Duration;

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::trace::{SpanId, SpanKind, TraceContextExt};
use opentelemetry_sdk::trace::Sampler;
use proptest::prelude::*;
use tokio::sync::{broadcast, mpsc};
use tower_telemetry_core::{Enqueued, Scope};
use tower_telemetry_trace::tasks::{Continuation, Envelope, Traced};

use crate::stage::{Stage, nothing, seen};

fn headers(envelope: &Envelope) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    envelope.to_headers(|name, value| {
        assert!(headers.insert(name.to_owned(), value.to_owned()).is_none(), "{name} is written once");
    });
    headers
}

#[tokio::test]
async fn a_value_is_run_within_the_exchange_of_its_sender() {
    let stage = Stage::new();
    let (sender, mut receiver) = mpsc::channel(1);
    let here = stage
        .handle(|| async move {
            sender.send(Traced::new(20).map(|number| number + 1)).await.unwrap();
            seen()
        })
        .await;
    let received = receiver.recv().await.unwrap();
    assert_eq!((*received.get(), *received.as_ref().get()), (21, &21));
    assert_eq!(seen(), nothing(), "to receive is not yet to run");
    let run = received.clone().run(|number| {
        let outside = seen(); // what makes the future runs within, too
        async move { (number, outside, seen()) }
    });
    assert_eq!(run.await, (21, here.clone(), here.clone()));
    assert_eq!(received.run_blocking(|number| (number, seen())), (21, here));
    assert_eq!(seen(), nothing());
}

#[tokio::test]
async fn every_receiver_of_a_broadcast_goes_on_with_the_same_exchange() {
    let stage = Stage::new();
    let (sender, mut one) = broadcast::channel(4);
    let mut other = sender.subscribe();
    let here = stage
        .handle(|| async move {
            sender.send(Traced::new("news")).unwrap();
            seen()
        })
        .await;
    for receiver in [&mut one, &mut other] {
        let news = receiver.recv().await.unwrap();
        assert_eq!(news.run(|_| async { seen() }).await, here);
    }
}

#[test]
fn how_long_a_value_waited_is_told() {
    let minutes_ago = Enqueued::from_unix_millis(Enqueued::now().unix_millis() - 120_000);
    let old = Traced::from_parts((), Envelope::new(Continuation::default(), minutes_ago));
    assert!(old.waited() >= Duration::from_secs(120) && old.waited() < Duration::from_secs(180));
    assert!(Traced::new(()).waited() < Duration::from_secs(60));
}

#[tokio::test]
async fn an_envelope_goes_through_a_broker_and_comes_out_as_the_same_request() {
    let stage = Stage::new();
    let (sent, span) = stage
        .handle(|| async {
            let span = Context::current().span().span_context().clone();
            (headers(&Envelope::seal()), span)
        })
        .await;
    // The id of a new trace is random, and says so.
    assert_eq!(sent["traceparent"], format!("00-{}-{}-03", span.trace_id(), span.span_id()));
    assert_eq!(sent["x-request-id"], "req-1");
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["traceparent", "x-enqueued-at", "x-request-id"]);

    let received = Traced::from_headers(17, &sent);
    assert_eq!(headers(received.envelope()), sent, "it is handed on unchanged");
    let remote = received.envelope().continuation().context().span().span_context().clone();
    assert!(remote.is_remote());
    assert_eq!((remote.trace_id(), remote.span_id()), (span.trace_id(), span.span_id()));
    let within = received.run(|_| async { seen() }).await;
    assert_eq!((within.span, within.in_exchange), (span.span_id(), false));
    assert_eq!(
        (within.told.as_deref(), within.request_id.as_deref()),
        (Some(&*sent["traceparent"]), Some("req-1"))
    );
}

#[tokio::test]
async fn a_consumer_is_a_child_of_its_producer_and_its_lines_tell_its_own_span() {
    let stage = Stage::new();
    let sent = stage
        .handle(|| async {
            let producer = stage.spans().of_kind(SpanKind::Producer).continue_as("send orders");
            producer.run(async { headers(&Envelope::seal()) }).await
        })
        .await;
    let consumers = stage.spans().of_kind(SpanKind::Consumer);
    let job = Traced::from_headers((), &sent);
    let within = job
        .run(|()| {
            consumers.continue_as("process orders").run(async {
                let outer = seen();
                // A piece of the same work tells the same ids, and has a span of its own.
                let inner = stage.spans().continue_as("pack").run(async { seen() }).await;
                assert_eq!((&inner.told, &inner.request_id), (&outer.told, &outer.request_id));
                assert_ne!(inner.span, outer.span);
                outer
            })
        })
        .await;
    let [server, producer, consumer, pack] =
        ["GET", "send orders", "process orders", "pack"].map(|name| stage.span(name));
    assert_eq!((producer.span_kind, consumer.span_kind), (SpanKind::Producer, SpanKind::Consumer));
    assert_eq!(producer.parent_span_id, server.span_context.span_id());
    assert_eq!(consumer.parent_span_id, producer.span_context.span_id());
    assert!(consumer.parent_span_is_remote);
    assert_eq!(pack.parent_span_id, consumer.span_context.span_id());
    let ids = &consumer.span_context;
    assert_eq!(within.told, Some(format!("00-{}-{}-03", ids.trace_id(), ids.span_id())));
    assert_eq!(within.request_id.as_deref(), Some("req-1"));
}

#[tokio::test]
async fn an_unsampled_exchange_says_so_through_a_broker() {
    let stage = Stage::sampled_by(Sampler::AlwaysOff);
    let sent = stage.handle(|| async { headers(&Envelope::seal()) }).await;
    assert!(sent["traceparent"].ends_with("-02"), "{sent:?}");
    let received = Envelope::from_headers(&sent);
    assert!(!received.continuation().context().span().span_context().is_sampled());
}

#[test]
fn outside_of_any_exchange_only_the_time_travels() {
    let sent = headers(&Envelope::seal());
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["x-enqueued-at"]);
    let received = Envelope::from_headers(&sent);
    assert!(received.continuation().scope().is_nobody());
    assert_eq!(received.enqueued().unix_millis().to_string(), sent["x-enqueued-at"]);
}

#[test]
fn what_is_malformed_is_as_good_as_absent() {
    let received = Envelope::from_headers([
        ("traceparent", "00-0-0-01"),
        ("tracestate", "a=1"),
        ("x-request-id", "no\u{1b}[31m id"),
        ("x-enqueued-at", "-1"),
        ("not a name", "x"),
    ]);
    assert!(received.continuation().scope().is_nobody());
    assert_eq!(received.continuation().context().span().span_context().span_id(), SpanId::INVALID);
    assert!(received.waited() < Duration::from_secs(60));

    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let twice = Envelope::from_headers([("traceparent", traceparent), ("traceparent", traceparent)]);
    assert!(twice.continuation().scope().is_nobody(), "either could be the forged one");
}

#[test]
fn a_tracestate_goes_through_to_the_letter() {
    let sent = [
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("tracestate", "vendor@x=1,b=2"),
    ];
    let received = Envelope::from_headers(sent);
    let again = headers(&received);
    assert_eq!([&*again["traceparent"], &*again["tracestate"]], sent.map(|(_, value)| value));
    let _within = received.continuation().attach();
    assert!(Scope::current().work().is_some());
}

proptest! {
    #[test]
    fn headers_of_any_kind_never_panic(all in proptest::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>()), 0..4), value: Vec<u8>) {
        let _ = Envelope::from_headers(all);
        let known = ["traceparent", "tracestate", "x-request-id", "x-enqueued-at"].map(|name| (name, &*value));
        let mut map = HeaderMap::new();
        Envelope::from_headers(known).to_headers(|name, value| {
            map.insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        });
        prop_assert!(map.contains_key("x-enqueued-at"));
    }
}
