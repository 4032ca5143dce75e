//! What becomes of `tracestate`.

use crate::harness::{Harness, TRACE, UNSAMPLED};

/// What the callback has of a state that came in these lines beside a valid `traceparent`.
pub(super) async fn of(lines: &[&str]) -> Vec<(String, String)> {
    let headers: Vec<_> =
        [UNSAMPLED].into_iter().chain(lines.iter().map(|line| ("tracestate", *line))).collect();
    let context = Harness::new().await.send(&headers).await;
    assert_eq!(context.trace, TRACE, "a state does not affect its traceparent");
    assert!(
        context.headers.get("tracestate").is_none_or(|value| !value.is_empty()),
        "no empty state is sent"
    );
    context.state
}

/// The state as one text.
pub(super) async fn text(lines: &[&str]) -> String {
    of(lines).await.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn tracestate_included_traceparent_missing() {
    let harness = Harness::new().await;
    for state in ["foo=1", "foo=1,bar=2"] {
        assert!(harness.send(&[("tracestate", state)]).await.state.is_empty());
    }
}

#[tokio::test]
async fn tracestate_included_traceparent_included() {
    assert_eq!(text(&["foo=1,bar=2"]).await, "foo=1,bar=2");
}

#[tokio::test]
async fn tracestate_header_name() {
    let harness = Harness::new().await;
    for name in ["trace-state", "trace.state"] {
        assert_eq!(harness.send(&[UNSAMPLED, (name, "foo=1")]).await.get("foo"), None, "{name}");
    }
}

#[tokio::test]
async fn tracestate_header_name_valid_casing() {
    let harness = Harness::new().await;
    for name in ["TraceState", "TrAcEsTaTe", "TRACESTATE"] {
        assert_eq!(harness.send(&[UNSAMPLED, (name, "foo=1")]).await.get("foo"), Some("1"), "{name}");
    }
}

#[tokio::test]
async fn tracestate_empty_header() {
    assert_eq!(text(&[""]).await, "");
    assert_eq!(text(&["foo=1", ""]).await, "foo=1");
    assert_eq!(text(&["", "foo=1"]).await, "foo=1");
}

#[tokio::test]
async fn tracestate_multiple_headers_different_keys() {
    let lines = ["foo=1,bar=2", "rojo=1,congo=2", "baz=3"];
    assert_eq!(text(&lines).await, "foo=1,bar=2,rojo=1,congo=2,baz=3");
}

#[tokio::test]
async fn tracestate_duplicated_keys() {
    for lines in [&["foo=1,foo=1"][..], &["foo=1,foo=2"], &["foo=1", "foo=1"], &["foo=1", "foo=2"]] {
        assert_eq!(text(lines).await, "foo=1", "{lines:?}");
    }
}

#[tokio::test]
async fn tracestate_all_allowed_characters() {
    let key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";
    let value: String = (' '..='~').filter(|c| !matches!(c, ',' | '=')).collect();
    for key in [key.to_owned(), format!("{key}@a-z0-9_-*/")] {
        assert_eq!(of(&[&format!("{key}={value}")]).await, [(key, value.clone())]);
    }
}

#[tokio::test]
async fn tracestate_ows_handling() {
    for line in ["foo=1 \t , \t bar=2, \t baz=3", "foo=1\t \t,\t \tbar=2,\t \tbaz=3"] {
        assert_eq!(text(&[line]).await, "foo=1,bar=2,baz=3", "{line:?}");
    }
    for line in [" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"] {
        assert_eq!(text(&[line]).await, "foo=1", "{line:?}");
    }
}
