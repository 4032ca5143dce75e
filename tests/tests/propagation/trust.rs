use opentelemetry::trace::SpanKind;
use tower_telemetry::{TelemetryBuilder, Trust, TrustPolicy};
use tower_telemetry_tests::Rig;

use crate::hop::{Hop, PARENT, TRACE, traceparent};

#[tokio::test]
async fn a_stranger_is_linked_and_not_obeyed() {
    let rig = Rig::of(TelemetryBuilder::public);
    let headers = [
        ("traceparent", &*traceparent("00")),
        ("tracestate", "stranger=1"),
        ("x-request-id", "of-the-stranger"),
    ];
    let (answer, seen) = Hop::of(&rig).await.pass("/", &headers).await;
    rig.until_ended("server", 1).await;

    let span = rig.span_of(&SpanKind::Server);
    assert_ne!(span.span_context.trace_id().to_string(), TRACE, "a new trace, and sampled though he said no");
    assert_eq!(span.parent_span_id, opentelemetry::trace::SpanId::INVALID);
    let [link] = &span.links.links[..] else { panic!("one link: {:?}", span.links) };
    assert_eq!(link.span_context.trace_id().to_string(), TRACE);
    assert_eq!(link.span_context.span_id().to_string(), PARENT);

    let [trace, _, flags] = seen.ids();
    assert_eq!((trace, flags), (&*span.span_context.trace_id().to_string(), "03"));
    assert!(seen.all("tracestate").is_empty(), "a stranger's state goes no further");
    let line = rig.line_of("server");
    assert_eq!(line.text("client_request_id"), Some("of-the-stranger"));
    assert_eq!(answer.header("x-request-id"), line.ids()[2]);
    assert_ne!(line.ids()[2], Some("of-the-stranger"));
    assert_eq!(seen.all("x-request-id"), [line.ids()[2].unwrap()]);
}

#[tokio::test]
async fn of_a_caller_that_is_never_trusted_nothing_is_kept() {
    let rig = Rig::of(|builder| builder.with_trust(Trust::Never));
    let headers = [("traceparent", &*traceparent("01")), ("x-request-id", "of-the-stranger")];
    Hop::of(&rig).await.pass("/", &headers).await;
    rig.until_ended("server", 1).await;
    let span = rig.span_of(&SpanKind::Server);
    assert!(span.links.links.is_empty());
    assert_ne!(span.span_context.trace_id().to_string(), TRACE);
    assert!(!rig.log().contains(TRACE) && !rig.log().contains("of-the-stranger"));
}

#[tokio::test]
async fn callers_may_be_told_apart_by_a_header_and_both_windows_believe_the_same() {
    let rig = Rig::of(|builder| {
        builder.with_trust(TrustPolicy::by(|head| match head.headers.get("x-from") {
            Some(from) if from == "the house" => Trust::Parent,
            _ => Trust::Link,
        }))
    });
    let hop = Hop::of(&rig).await;
    let parent = traceparent("01");
    let headers = [("traceparent", &*parent), ("x-request-id", "of-the-caller"), ("baggage", "a=1")];
    let (answer, seen) = hop.pass("/", &[headers[0], headers[1], headers[2], ("x-from", "the house")]).await;
    assert_eq!((seen.ids()[0], answer.header("x-request-id")), (TRACE, Some("of-the-caller")));
    assert_eq!(seen.all("baggage"), ["a=1"]);
    let (answer, seen) = hop.pass("/", &headers).await;
    assert!(seen.ids()[0] != TRACE && answer.header("x-request-id") != Some("of-the-caller"));
    assert!(seen.all("baggage").is_empty());
}
