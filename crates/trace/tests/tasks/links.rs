use opentelemetry::trace::noop::NoopTracer;
use opentelemetry::trace::{SpanId, SpanKind, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::Sampler;
use tower_telemetry_core::Scope;
use tower_telemetry_trace::tasks::{Envelope, Spans, Traced};

use crate::stage::{Stage, attribute, nothing, seen};

#[tokio::test]
async fn later_work_begins_a_trace_with_a_link_and_keeps_the_request_id() {
    let stage = Stage::new();
    let job = stage.handle(|| async { Traced::new(()) }).await;
    let work = stage.spans().start_linked("bill", [&job]);
    assert_eq!(seen(), nothing(), "it is current only in what it runs");
    let (within, linked) = work.run(async { (seen(), Scope::current().linked().copied()) }).await;

    let (server, bill) = (stage.span("GET"), stage.span("bill"));
    let ids = &bill.span_context;
    assert_ne!(ids.trace_id(), server.span_context.trace_id());
    assert_eq!(bill.parent_span_id, SpanId::INVALID);
    assert_eq!(bill.span_kind, SpanKind::Internal);
    let links: Vec<_> = bill.links.iter().map(|link| link.span_context.span_id()).collect();
    assert_eq!(links, [server.span_context.span_id()]);
    assert_eq!(within.told, Some(format!("00-{}-{}-03", ids.trace_id(), ids.span_id())));
    assert_eq!((within.request_id.as_deref(), within.in_exchange), (Some("req-1"), false));
    assert_eq!(linked.unwrap().trace_id.to_string(), server.span_context.trace_id().to_string());
}

#[tokio::test]
async fn work_that_outlives_its_request_is_linked_from_within_the_handler() {
    let stage = Stage::new();
    let within = stage
        .handle(|| async {
            let later = stage.spans().start_linked("clean up", [Envelope::seal()]);
            let within = tokio::spawn(later.run(async { seen() })).await.unwrap();
            assert!(seen().in_exchange, "the handler goes on with its own");
            within
        })
        .await;
    assert!(!within.in_exchange);
    assert_eq!(stage.span("clean up").links.len(), 1);
}

#[tokio::test]
async fn a_batch_links_each_span_once_and_tells_only_what_all_agree_on() {
    let stage = Stage::new();
    let one = stage.handle(|| async { Traced::new(1) }).await;
    let two = stage.handle(|| async { Traced::new(2) }).await;
    let outside = Traced::new(3);
    let batch = stage.spans().start_linked("nightly batch", [&one, &two, &one]);
    let scope = batch.run(async { Scope::current() }).await;
    assert_eq!(stage.span("nightly batch").links.len(), 2);
    assert_eq!(scope.linked(), None, "they are of two traces");
    assert_eq!(scope.request_id().map(ToString::to_string).as_deref(), Some("req-1"));

    let mixed = stage.spans().start_linked("mixed", [&one, &outside]);
    let scope = mixed.run(async { Scope::current() }).await;
    assert_eq!((scope.request_id(), scope.linked().is_some()), (None, true));
}

#[tokio::test]
async fn a_batch_of_many_keeps_128_links_and_counts_the_rest() {
    let stage = Stage::new();
    let mut jobs = Vec::new();
    for _ in 0..130 {
        jobs.push(stage.handle(|| async { Traced::new(()) }).await);
    }
    drop(stage.spans().start_linked("nightly batch", &jobs));
    let links = stage.span("nightly batch").links;
    assert_eq!((links.len(), links.dropped_count), (128, 2));
}

#[tokio::test]
async fn without_an_sdk_work_has_ids_and_ends_nobodys_span() {
    let stage = Stage::new();
    let none = Spans::new(NoopTracer::new());
    stage
        .handle(|| async {
            let here = seen();
            let within = none.continue_as("pack").run(async { seen() }).await;
            assert_eq!(within, here);
            assert!(Context::current().span().is_recording(), "the span of the exchange goes on");
        })
        .await;
    assert_eq!(attribute(&stage.span("GET"), "tower_telemetry.ending").as_deref(), Some("complete"));

    let later = none.start_linked("bill", [Envelope::seal()]);
    later.fail("refused");
    let within = later.run(async { seen() }).await;
    let told = within.told.unwrap();
    assert!(told.ends_with("-02") && told.contains(&within.span.to_string()), "{told}");
}

#[tokio::test]
async fn work_of_an_unsampled_exchange_has_no_span_and_the_ids_of_its_exchange() {
    let stage = Stage::sampled_by(Sampler::ParentBased(Box::new(Sampler::AlwaysOff)));
    stage
        .handle(|| async {
            let here = seen();
            let within = stage.spans().continue_as("pack").run(async { seen() }).await;
            assert_eq!((within.told, within.request_id), (here.told, here.request_id));
        })
        .await;
    assert!(stage.finished().is_empty());
}

#[test]
fn work_that_nobody_asked_for_is_a_root_with_ids_on_its_lines() {
    let stage = Stage::new();
    let within = stage.spans().continue_as("warm up").run_blocking(seen);
    let span = stage.span("warm up");
    assert_eq!(span.parent_span_id, SpanId::INVALID);
    let ids = &span.span_context;
    assert_eq!(within.told, Some(format!("00-{}-{}-03", ids.trace_id(), ids.span_id())));
}

#[tokio::test]
async fn work_of_an_exporter_has_no_span() {
    let stage = Stage::new();
    {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        drop(stage.spans().continue_as("flush"));
        drop(stage.spans().start_linked("flush", [Envelope::seal()]));
    }
    assert!(stage.finished().is_empty(), "{:?}", stage.finished());
}

#[test]
fn attributes_and_failures_stand_on_the_span_of_the_work() {
    let stage = Stage::new();
    let work = stage.spans().continue_as("pack");
    work.set("parcels", 3_i64);
    work.fail("out_of_boxes");
    work.run_blocking(|| ());
    let span = stage.span("pack");
    assert!(span.attributes.contains(&KeyValue::new("parcels", 3_i64)));
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("out_of_boxes"));
    assert!(matches!(span.status, opentelemetry::trace::Status::Error { .. }));
}
