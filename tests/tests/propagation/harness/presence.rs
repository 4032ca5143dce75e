//! With and without the headers.

use crate::harness::{Harness, PARENT, TRACE, Trace, check};

const VALID: &str = "00-12345678901234567890123456789012-1234567890123456-01";

#[tokio::test]
async fn both_traceparent_and_tracestate_missing() {
    let harness = Harness::new().await;
    let context = harness.send(&[]).await;
    assert!(context.state.is_empty());
    assert_eq!(context.flags, 3, "a new trace is sampled, and its id is random");
}

#[tokio::test]
async fn traceparent_included_tracestate_missing() {
    let context = Harness::new().await.send(&[("traceparent", VALID)]).await;
    assert_eq!(context.trace, TRACE);
    assert_ne!(context.parent, PARENT);
    assert!(!context.headers.contains_key("tracestate"));
}

#[tokio::test]
async fn traceparent_duplicated() {
    let other = "00-12345678901234567890123456789011-1234567890123456-01";
    let context = Harness::new().await.send(&[("traceparent", other), ("traceparent", VALID)]).await;
    assert!(context.trace != TRACE && context.trace != other[3..35], "{context:?}");
}

#[tokio::test]
async fn traceparent_header_name() {
    let harness = Harness::new().await;
    for name in ["trace-parent", "trace.parent"] {
        assert_ne!(harness.send(&[(name, VALID)]).await.trace, TRACE, "{name}");
    }
}

#[tokio::test]
async fn traceparent_header_name_valid_casing() {
    let harness = Harness::new().await;
    for name in ["TraceParent", "TrAcEpArEnT", "TRACEPARENT"] {
        assert_eq!(harness.send(&[(name, VALID)]).await.trace, TRACE, "{name}");
    }
}

#[tokio::test]
async fn traceparent_ows_handling() {
    for value in [
        format!(" {VALID}"),
        format!("\t{VALID}"),
        format!("{VALID} "),
        format!("{VALID}\t"),
        format!("\t {VALID} \t"),
    ] {
        check(&value, Trace::Kept).await;
    }
}
