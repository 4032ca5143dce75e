//! Three callbacks for one request.

use std::collections::HashSet;

use crate::harness::{Context, Harness, PARENT, TRACE};

/// The traces and the parents of three callbacks.
async fn three(headers: &[(&str, &str)]) -> (HashSet<String>, HashSet<String>) {
    let callbacks = Harness::new().await.relay_times(headers, 3).await;
    callbacks.into_iter().map(Context::of).map(|context| (context.trace, context.parent)).unzip()
}

#[tokio::test]
async fn multiple_requests_with_valid_traceparent() {
    let valid = format!("00-{TRACE}-{PARENT}-01");
    let (traces, parents) = three(&[("traceparent", &valid)]).await;
    assert_eq!(traces, HashSet::from([TRACE.to_owned()]));
    assert_eq!(parents.len(), 3);
}

#[tokio::test]
async fn multiple_requests_without_traceparent() {
    let (traces, parents) = three(&[]).await;
    assert_eq!((traces.len(), parents.len()), (1, 3));
}

#[tokio::test]
async fn multiple_requests_with_illegal_traceparent() {
    let illegal = format!("00-{}-{PARENT}-01", "0".repeat(32));
    let (traces, parents) = three(&[("traceparent", &illegal)]).await;
    assert!(!traces.contains(&"0".repeat(32)));
    assert_eq!((traces.len(), parents.len()), (1, 3));
}
