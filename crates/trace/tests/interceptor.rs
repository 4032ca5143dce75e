//! Interceptors pass the trace context on, and no more.
#![cfg(feature = "tonic")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/stage.rs"]
mod stage;

use http::HeaderName;
use stage::{Stage, nothing, seen};
use tonic::service::Interceptor;
use tonic::{Extensions, Request};
use tower_telemetry_core::Trust;
use tower_telemetry_trace::interceptor::{ExtractContext, InjectContext};
use tower_telemetry_trace::tasks::Continuation;

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn received(trust: Trust) -> Request<()> {
    let mut request = Request::new(());
    request.metadata_mut().insert("traceparent", CALLER.parse().unwrap());
    request.metadata_mut().insert("x-request-id", "theirs".parse().unwrap());
    ExtractContext::new().with_trust(trust).call(request).unwrap()
}

#[tokio::test]
async fn a_call_is_given_the_current_context_in_place_of_what_stands_there() {
    let stage = Stage::new();
    let (here, sent) = stage
        .handle(|| async {
            let mut request = Request::new(());
            request.metadata_mut().insert("traceparent", CALLER.parse().unwrap());
            (seen(), InjectContext::new().call(request).unwrap())
        })
        .await;
    let all: Vec<_> =
        sent.metadata().get_all("traceparent").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(all, [here.told.unwrap()]);
    assert_eq!(sent.metadata().get("x-request-id").unwrap(), "req-1");
}

#[tokio::test]
async fn a_request_id_goes_and_comes_by_the_name_that_was_given() {
    let name = HeaderName::from_static("x-correlation-id");
    let mut inject = InjectContext::new().with_request_id_header(name.clone());
    let sent = Stage::new().handle(|| async { inject.call(Request::new(())).unwrap() }).await;
    assert_eq!(sent.metadata().get("x-correlation-id").unwrap(), "req-1");
    assert!(!sent.metadata().contains_key("x-request-id"));
    for (mut extract, expected) in
        [(ExtractContext::new().with_request_id_header(name), Some("req-1")), (ExtractContext::new(), None)]
    {
        let request =
            extract.call(Request::from_parts(sent.metadata().clone(), Extensions::default(), ())).unwrap();
        let within = Continuation::of(request.extensions()).within(seen);
        assert_eq!(within.request_id.as_deref(), expected);
    }
}

#[test]
fn a_call_outside_of_any_exchange_is_left_as_it_is() {
    let sent = InjectContext::new().call(Request::new(())).unwrap();
    assert!(sent.metadata().is_empty());
}

#[tokio::test]
async fn a_handler_goes_on_with_the_context_of_its_caller() {
    let request = received(Trust::Parent);
    assert_eq!(seen(), nothing());
    let within = Continuation::of(request.extensions()).carry(async { seen() }).await;
    assert_eq!((within.told.as_deref(), within.request_id.as_deref()), (Some(CALLER), Some("theirs")));
    assert_eq!(within.span.to_string(), "00f067aa0ba902b7");
}

#[tokio::test]
async fn a_strangers_context_is_not_taken() {
    for trust in [Trust::Link, Trust::Never] {
        assert_eq!(Continuation::of(received(trust).extensions()).within(seen), nothing());
    }
}

#[tokio::test]
async fn within_an_exchange_the_layer_knows_better() {
    let stage = Stage::new();
    stage
        .handle(|| async {
            let request = received(Trust::Parent);
            assert_eq!(Continuation::of(request.extensions()).within(seen), seen());
        })
        .await;
}

#[test]
fn without_the_interceptor_there_is_what_is_current() {
    assert_eq!(Continuation::of(Request::new(()).extensions()).within(seen), nothing());
}
