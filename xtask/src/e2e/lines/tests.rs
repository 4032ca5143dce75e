//! Lines that are right, wrong or without ids, and what is made of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use serde_json::{Value, json};

use super::figures::{Counts, Figures};
use crate::e2e::processes::{Accounts, Sampling, Stored};

/// An order (call 7) whose caller told its ids, and what the gateway and shipping wrote for it.
fn lines() -> Vec<(&'static str, Value)> {
    let line = |service: &'static str, target: &str, message: &str, span: &str| {
        let line = json!({
            "target": target, "message": message, "visit": 7, "trace_id": "t", "span_id": span,
            "request_id": "r", "service.name": service,
        });
        (service, line)
    };
    let mut sent = line("shop-traffic", "shop::traffic::wire", "sent", "c");
    sent.1["sent_traceparent"] = json!("00-t-c-00");
    sent.1["sent_request_id"] = json!("r");
    vec![
        sent,
        line("shop-gateway", "shop::gateway::orders", "order taken", "g"),
        line("shop-gateway", "tower_telemetry::access", "exchange ended", "g"),
        line("shop-shipping", "shop::shipping::dock", "order shipped", "w"),
    ]
}

fn spans() -> Vec<Value> {
    let span = |id: &str, service: &str, kind: &str, name: &str| {
        json!({
            "trace": "t", "span": id, "parent": "", "service": service, "name": name, "links": [],
            "kind": format!("SPAN_KIND_{kind}"), "nanos": 1, "request": "r", "visit": "7",
        })
    };
    vec![
        span("c", "shop-traffic", "CLIENT", "POST /orders"),
        span("g", "shop-gateway", "SERVER", "POST /orders"),
        span("w", "shop-shipping", "INTERNAL", "ship order"),
    ]
}

/// Right, wrong and missing.
fn counts(lines: &[(&'static str, Value)], spans: &[Value], sampling: Sampling) -> [u64; 3] {
    let mut accounts = Accounts::new();
    for (service, line) in lines {
        accounts.entry(service).or_default().add(line);
    }
    let mut stored = Stored::default();
    stored.add(&json!({ "spans": spans }));
    let Counts { sampled, unsampled, wrong, missing } = Figures::of(&accounts, &stored, sampling).sum();
    [sampled + unsampled, wrong, missing]
}

#[test]
fn lines_with_their_own_ids_are_right_stored_or_not() {
    assert_eq!(counts(&lines(), &spans(), Sampling::Full), [4, 0, 0]);
    assert_eq!(counts(&lines(), &[], Sampling::Production), [4, 0, 0]);
    assert_eq!(counts(&lines(), &[], Sampling::Full), [1, 3, 0], "the wire tells of itself");
}

#[test]
fn another_id_is_wrong_and_none_is_missing() {
    for (key, right) in [("trace_id", 3), ("span_id", 3), ("request_id", 3), ("service.name", 3)] {
        for at in 1..4 {
            let mut lines = lines();
            lines[at].1[key] = json!("x");
            let [right_ones, wrong, missing] = counts(&lines, &spans(), Sampling::Full);
            assert_eq!((right_ones, wrong + missing), (right, 1), "{key} of line {at}");
            lines[at].1.as_object_mut().unwrap().remove(key);
            assert_eq!(counts(&lines, &spans(), Sampling::Full), [right, 0, 1], "{key} of line {at}");
        }
    }
}

#[test]
fn the_ids_of_another_call_and_the_span_of_another_place_are_wrong() {
    let mut lines = lines();
    lines[3].1["span_id"] = json!("g");
    assert_eq!(counts(&lines, &spans(), Sampling::Full), [3, 1, 0]);
    let mut other: Vec<_> = self::lines();
    let mut spans = spans();
    for line in &mut other {
        line.1["visit"] = json!(8);
        line.1["trace_id"] = json!("t8");
    }
    other[0].1["sent_traceparent"] = json!("00-t8-c-00");
    for span in self::spans() {
        let mut span = span.clone();
        (span["visit"], span["trace"]) = (json!("8"), json!("t8"));
        spans.push(span);
    }
    let mut both = self::lines();
    both.append(&mut other);
    assert_eq!(counts(&both, &spans, Sampling::Full), [8, 0, 0]);
    both[1].1["visit"] = json!(8);
    assert_eq!(counts(&both, &spans, Sampling::Full), [7, 1, 0]);
}

#[test]
fn what_nobody_knows_has_to_agree() {
    let mut lines: Vec<_> = lines().into_iter().skip(1).collect();
    let wire = json!({
        "target": "shop::traffic::wire", "message": "sent", "visit": 7, "service.name": "shop-traffic",
    });
    lines.push(("shop-traffic", wire));
    assert_eq!(counts(&lines, &[], Sampling::Production), [3, 0, 0]);
    lines[2].1["trace_id"] = json!("other");
    assert_eq!(counts(&lines, &[], Sampling::Production), [2, 1, 0]);
}
