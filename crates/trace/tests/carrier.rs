//! A carrier span takes an exchange into tasks that are spawned with a `tracing` span.
#![cfg(feature = "carrier")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/stage.rs"]
mod stage;

use std::sync::{Arc, Mutex};

use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use stage::{Seen, Stage, nothing, seen};
use tower_telemetry_core::current;
use tower_telemetry_trace::InExchange;
use tower_telemetry_trace::carrier::{Carrier, CarrierLayer, TARGET, hide_carriers};
use tracing::{Instrument, Span, Subscriber, info_span};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;

fn carrying() -> tracing::subscriber::DefaultGuard {
    tracing::subscriber::set_default(tracing_subscriber::registry().with(CarrierLayer::new()))
}

#[tokio::test]
async fn a_task_that_is_spawned_in_the_current_span_belongs_to_the_exchange() {
    let stage = Stage::new();
    let _subscriber = carrying();
    let (here, there) = stage
        .handle_with(Carrier::new(), || async {
            let task = tokio::spawn(async { seen() }.in_current_span());
            let named = tokio::spawn(async { seen() }.instrument(info_span!("work")));
            let dispatch = tracing::dispatcher::get_default(Clone::clone);
            let span = Span::current();
            let thread = std::thread::spawn(move || {
                tracing::dispatcher::with_default(&dispatch, || span.in_scope(seen))
            });
            assert_eq!(tokio::spawn(async { seen() }).await.unwrap(), nothing(), "a bare task has no span");
            (seen(), [task.await.unwrap(), named.await.unwrap(), thread.join().unwrap()])
        })
        .await;
    assert!(here.in_exchange);
    assert_eq!(there, [(); 3].map(|()| here.clone()));
    assert_eq!(seen(), nothing());
    assert_eq!(tokio::spawn(async { seen() }).await.unwrap(), nothing());
}

/// tracing-opentelemetry's layer, which sees no carriers.
fn exported<S>(stage: &Stage) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer().with_tracer(stage.provider.tracer("spans")).with_filter(hide_carriers())
}

/// What a span of tracing-opentelemetry is a child of that is made in a task, and what is current within.
async fn in_a_task(stage: &Stage, subscriber: impl Into<tracing::Dispatch>) -> (Seen, Seen) {
    let _subscriber = tracing::dispatcher::set_default(&subscriber.into());
    stage
        .handle_with(Carrier::new(), || async {
            let bare = async {
                info_span!("in the task").in_scope(|| Context::current().span().span_context().span_id())
            };
            tokio::spawn(bare.in_current_span()).await.unwrap();
            let span = info_span!("around the task");
            let within = async {
                // A span that the task itself makes, deeper in.
                info_span!("deeper").in_scope(|| ());
                seen()
            };
            (seen(), tokio::spawn(within.instrument(span)).await.unwrap())
        })
        .await
}

#[tokio::test]
async fn spans_of_tracing_opentelemetry_in_a_task_have_the_right_parents_in_either_order_of_layers() {
    for carrier_first in [true, false] {
        let stage = Stage::new();
        let (here, within) = if carrier_first {
            in_a_task(&stage, tracing_subscriber::registry().with(CarrierLayer::new()).with(exported(&stage)))
                .await
        } else {
            in_a_task(&stage, tracing_subscriber::registry().with(exported(&stage)).with(CarrierLayer::new()))
                .await
        };
        let id = |name| stage.span(name).span_context.span_id();
        let parent = |name| stage.span(name).parent_span_id;
        assert_eq!([parent("in the task"), parent("around the task")], [id("GET"); 2], "{carrier_first}");
        assert_eq!(parent("deeper"), id("around the task"), "{carrier_first}");
        // The trace context is that of the nearest span, the ids of log lines are the exchange's.
        assert_eq!(within, Seen { span: id("around the task"), ..here }, "{carrier_first}");
        assert_eq!(stage.finished().len(), 4, "a carrier is not exported: {:#?}", stage.finished());
    }
}

#[tokio::test]
async fn what_is_current_is_not_replaced_by_what_a_span_carries() {
    let stage = Stage::new();
    let _subscriber = carrying();
    let (span, one) = stage.handle_with(Carrier::new(), || async { (Span::current(), seen()) }).await;
    assert_eq!(span.in_scope(seen), one, "the span outlives its exchange");
    stage
        .handle_with(Carrier::new(), || async {
            let other = seen();
            assert_eq!(span.in_scope(seen), other);
            assert_eq!(seen(), other);
        })
        .await;
}

#[tokio::test]
async fn spans_that_are_not_left_in_order_leave_nothing_behind() {
    let stage = Stage::new();
    let _subscriber = carrying();
    let (one, two) =
        stage.handle_with(Carrier::new(), || async { (info_span!("one"), info_span!("two")) }).await;
    let first = one.clone().entered();
    let here = seen();
    let second = two.clone().entered();
    drop(first);
    // Of the second nothing was taken up, since something was current.
    assert_eq!(seen(), nothing());
    drop(second);
    assert_eq!(seen(), nothing());
    assert_eq!(two.in_scope(seen), here);
    // Entered again within itself.
    one.in_scope(|| one.in_scope(|| assert_eq!(seen(), here)));
    assert_eq!(seen(), nothing());
}

#[tokio::test]
async fn nothing_of_an_exchange_is_kept_when_its_spans_are_closed() {
    let stage = Stage::new();
    let _subscriber = carrying();
    let (task, card) = stage
        .handle_with(Carrier::new(), || async {
            let card = Arc::downgrade(&current().unwrap());
            (tokio::spawn(async { seen() }.in_current_span()), card)
        })
        .await;
    assert!(card.upgrade().is_some(), "the task keeps it");
    assert!(task.await.unwrap().in_exchange);
    assert!(card.upgrade().is_none());
}

#[tokio::test]
async fn a_carrier_that_is_filtered_away_carries_nothing_and_harms_nothing() {
    let stage = Stage::new();
    let off = Targets::new().with_target(TARGET, LevelFilter::OFF).with_default(LevelFilter::TRACE);
    let _subscriber =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(CarrierLayer::new()).with(off));
    let there = stage
        .handle_with(Carrier::new(), || async {
            let span = info_span!("work");
            span.in_scope(|| assert!(seen().in_exchange));
            tokio::spawn(async { seen() }.instrument(span)).await.unwrap()
        })
        .await;
    assert_eq!(there, nothing());
}

#[tokio::test]
async fn a_carried_future_and_a_carrier_agree() {
    let stage = Stage::new();
    let _subscriber = carrying();
    let last = Arc::new(Mutex::new(None));
    let told = Arc::clone(&last);
    let here = stage
        .handle_with(Carrier::new(), || async move {
            let work = async move { *told.lock().unwrap() = Some(seen()) };
            tokio::spawn(work.in_exchange().in_current_span()).await.unwrap();
            seen()
        })
        .await;
    assert_eq!(last.lock().unwrap().take(), Some(here));
}
