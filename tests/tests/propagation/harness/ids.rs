//! The ids of `traceparent`.

use crate::harness::{Harness, PARENT, TRACE, Trace, check};

/// The callback's trace is none of those that one could make of the malformed one.
async fn begins_anew(trace: &str) {
    let value = format!("00-{trace}-{PARENT}-01");
    let context = Harness::new().await.send(&[("traceparent", &value)]).await;
    let last = trace.get(trace.len().saturating_sub(32)..).unwrap();
    assert!(
        context.trace != trace && context.trace != TRACE && context.trace != last,
        "{value} gives {context:?}"
    );
}

#[tokio::test]
async fn traceparent_trace_id_all_zero() {
    begins_anew("00000000000000000000000000000000").await;
}

#[tokio::test]
async fn traceparent_trace_id_illegal_characters() {
    begins_anew(".2345678901234567890123456789012").await;
    begins_anew("1234567890123456789012345678901.").await;
}

#[tokio::test]
async fn traceparent_trace_id_too_long() {
    begins_anew("123456789012345678901234567890123").await;
}

#[tokio::test]
async fn traceparent_trace_id_too_short() {
    begins_anew("1234567890123456789012345678901").await;
}

#[tokio::test]
async fn traceparent_parent_id_all_zero() {
    check(&format!("00-{TRACE}-0000000000000000-01"), Trace::New).await;
}

#[tokio::test]
async fn traceparent_parent_id_illegal_characters() {
    check(&format!("00-{TRACE}-.234567890123456-01"), Trace::New).await;
    check(&format!("00-{TRACE}-123456789012345.-01"), Trace::New).await;
}

#[tokio::test]
async fn traceparent_parent_id_too_long() {
    check(&format!("00-{TRACE}-12345678901234567-01"), Trace::New).await;
}

#[tokio::test]
async fn traceparent_parent_id_too_short() {
    check(&format!("00-{TRACE}-123456789012345-01"), Trace::New).await;
}
