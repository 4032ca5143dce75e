use opentelemetry::trace::{SpanKind, Tracer, TracerProvider};
use tower::Layer;
use tower_telemetry::{InExchange, SignalExt};
use tower_telemetry_tests::{Caller, Rig, Server};

use crate::hop::{Hop, PARENT, TRACE, traceparent};

#[tokio::test]
async fn the_trace_of_the_caller_is_on_span_line_and_outgoing_request() {
    let rig = Rig::new();
    let (_, seen) = Hop::of(&rig).await.pass("/", &[("traceparent", &traceparent("01"))]).await;
    rig.until_ended("server", 1).await;

    let (server, client) = (rig.span_of(&SpanKind::Server), rig.span_of(&SpanKind::Client));
    assert_eq!(server.span_context.trace_id().to_string(), TRACE);
    assert_eq!(server.parent_span_id.to_string(), PARENT);
    assert!(server.parent_span_is_remote);
    assert_eq!(client.parent_span_id, server.span_context.span_id());
    let own = server.span_context.span_id().to_string();
    for line in [rig.line_saying("inside"), rig.line_of("server")] {
        assert_eq!(line.ids()[..2], [Some(TRACE), Some(own.as_str())]);
    }
    let called = client.span_context.span_id().to_string();
    assert_eq!(rig.line_of("client").ids()[..2], [Some(TRACE), Some(called.as_str())]);
    assert_eq!(seen.ids(), [TRACE, &called, "01"]);
}

#[tokio::test]
async fn the_random_flag_is_kept_as_the_caller_said() {
    let rig = Rig::new();
    let hop = Hop::of(&rig).await;
    for flags in ["00", "01", "02", "03"] {
        let (_, seen) = hop.pass("/", &[("traceparent", &traceparent(flags))]).await;
        let [trace, _, told] = seen.ids();
        assert_eq!((trace, told), (TRACE, flags));
    }
    let (_, seen) = hop.pass("/", &[]).await;
    assert_eq!(seen.ids()[2], "03", "a new trace is sampled and its id is random");
}

#[tokio::test]
async fn the_state_of_several_lines_is_joined_and_passed_on() {
    let rig = Rig::new();
    let parent = traceparent("01");
    let headers = [("traceparent", &*parent), ("tracestate", "a=1,b=2"), ("tracestate", "c@d=3")];
    let (_, seen) = Hop::of(&rig).await.pass("/", &headers).await;
    assert_eq!(seen.all("tracestate"), ["a=1,b=2,c@d=3"]);
}

#[tokio::test]
async fn an_empty_state_is_not_sent() {
    let rig = Rig::new();
    let hop = Hop::of(&rig).await;
    let parent = traceparent("01");
    for state in ["", " ", ","] {
        let (_, seen) = hop.pass("/", &[("traceparent", &parent), ("tracestate", state)]).await;
        assert!(seen.all("tracestate").is_empty(), "{state:?} gives {:?}", seen.all("tracestate"));
        assert_eq!(seen.ids()[0], TRACE);
    }
    let (_, seen) = hop.pass("/", &[("tracestate", "a=1")]).await;
    assert!(seen.all("tracestate").is_empty(), "a state without a parent is nobody's");
}

#[tokio::test]
async fn a_skipped_exchange_propagates_and_records_nothing() {
    let rig = Rig::new();
    let windows = rig.telemetry.windows().skip(|_, head| head.uri.path() == "/healthz");
    // Its callees are skipped here too, so that nothing at all may be recorded.
    let client = rig.telemetry.windows().skip(|_, _| true).client().layer(Caller::http1());
    let hop = Hop::new(|app| app.layer(windows.server()), client).await;
    let headers =
        [("traceparent", &*traceparent("01")), ("tracestate", "a=1"), ("x-request-id", "of-the-caller")];
    let (answer, seen) = hop.pass("/healthz", &headers).await;
    assert_eq!(seen.ids()[0], TRACE);
    assert_eq!(seen.ids()[2], "01");
    assert_eq!(seen.all("tracestate"), ["a=1"]);
    assert_eq!(seen.all("x-request-id"), ["of-the-caller"]);
    assert_eq!(answer.header("x-request-id"), Some("of-the-caller"));
    let inside = rig.line_saying("inside");
    assert_eq!((inside.ids()[0], inside.ids()[2]), (Some(TRACE), Some("of-the-caller")));

    assert_eq!((rig.begun("server"), rig.begun("client")), (0, 0));
    assert!(rig.spans().is_empty() && rig.access("server").is_empty() && rig.access("client").is_empty());

    hop.pass("/", &[]).await;
    rig.until_ended("server", 1).await;
    assert_eq!(rig.spans().len(), 1, "another path is recorded");
}

#[tokio::test]
async fn a_span_of_the_users_own_is_a_child_also_in_a_task_that_is_carried() {
    let rig = Rig::new();
    let tracer = rig.telemetry.tracer_provider().tracer("users own");
    let handler = move || async move {
        let spawned = tracer.clone();
        tracer.in_span("direct", |_| tracing::info!("in the span"));
        let work = async move { spawned.in_span("carried", |_| tracing::info!("in the task")) };
        tokio::spawn(work.in_exchange()).await.unwrap();
    };
    let app = axum::Router::new().route("/", axum::routing::get(handler));
    let server = Server::axum(app.layer(rig.telemetry.http_server())).await;
    Caller::of(&server).get("/").await;
    rig.until_ended("server", 1).await;

    let edge = rig.span_of(&SpanKind::Server);
    let spans = rig.spans();
    for name in ["direct", "carried"] {
        let span = spans.iter().find(|span| span.name == name).unwrap();
        assert_eq!(span.parent_span_id, edge.span_context.span_id(), "{name}");
        assert_eq!(span.span_context.trace_id(), edge.span_context.trace_id(), "{name}");
    }
    // A line tells the trace and the request of the exchange, and the span that it was logged in.
    for (message, name) in [("in the span", "direct"), ("in the task", "carried")] {
        let span = spans.iter().find(|span| span.name == name).unwrap().span_context.span_id().to_string();
        let (line, access) = (rig.line_saying(message), rig.line_of("server"));
        let [trace_id, _, request_id] = access.ids();
        assert_eq!(line.ids(), [trace_id, Some(&*span), request_id], "{message}");
    }
}
