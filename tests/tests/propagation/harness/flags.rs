//! The flags of `traceparent`.

use crate::harness::{Harness, PARENT, TRACE, Trace, check};

fn of(flags: &str) -> String {
    format!("00-{TRACE}-{PARENT}-{flags}")
}

#[tokio::test]
async fn traceparent_trace_flags_illegal_characters() {
    check(&of(".0"), Trace::New).await;
    check(&of("0."), Trace::New).await;
}

#[tokio::test]
async fn traceparent_trace_flags_too_long() {
    check(&of("001"), Trace::New).await;
}

#[tokio::test]
async fn traceparent_trace_flags_too_short() {
    check(&of("1"), Trace::New).await;
}

#[tokio::test]
async fn propagates_random_flag() {
    let context = Harness::new().await.send(&[("traceparent", &of("02"))]).await;
    assert_eq!((context.trace.as_str(), context.flags), (TRACE, 2));
    assert_ne!(context.parent, PARENT);
}

/// Beyond the harness: what is not known is not sent on, and what was not said is not added.
#[tokio::test]
async fn only_the_flags_of_level_2_go_out_and_none_is_added() {
    let harness = Harness::new().await;
    for (flags, sent) in [("00", 0), ("01", 1), ("03", 3), ("ff", 3), ("fc", 0), ("fe", 2)] {
        assert_eq!(harness.send(&[("traceparent", &of(flags))]).await.flags, sent, "{flags}");
    }
}
