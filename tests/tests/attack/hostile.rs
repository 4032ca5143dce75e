//! Headers and paths that mean harm.

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{HeaderValue, Method, Request};
use opentelemetry::trace::SpanKind;
use tower::ServiceExt;
use tower_telemetry::SignalExt;
use tower_telemetry::log::LogContext;
use tower_telemetry::metrics::Metrics;
use tower_telemetry::request_id::RequestIds;
use tower_telemetry::trace::Trace;
use tower_telemetry_tests::{Answer, Caller, Rig, Server, answer, request};

async fn send(rig: &Rig, request: Request<Body>) -> Answer {
    let app = Router::new().route("/{*path}", any(|| async { "here" })).layer(rig.telemetry.http_server());
    answer(app.oneshot(request).await.unwrap()).await
}

fn with(name: &'static str, value: &[u8]) -> Request<Body> {
    let mut request = request(Method::GET, "/x", &[]);
    request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
    request
}

#[tokio::test]
async fn a_hostile_traceparent_is_not_adopted_and_counted() {
    let long =
        [b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".as_slice(), &[b'-'; 8 * 1024]].concat();
    let hostile: [&[u8]; 9] = [
        b"",
        b"evil",
        b"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        b"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        b"00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\xff\xff",
        &long,
    ];
    let rig = Rig::new();
    let trace = Trace::with_tracer_provider(rig.telemetry.tracer_provider());
    let layer = (RequestIds::new(), trace.clone(), LogContext::new(), Metrics::new()).server();
    let app = Router::new().route("/x", any(|| async { "here" })).layer(layer);
    for value in hostile {
        answer(app.clone().oneshot(with("traceparent", value)).await.unwrap()).await;
    }
    let mut twice = with("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    twice.headers_mut().append(
        "traceparent",
        HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01"),
    );
    answer(app.clone().oneshot(twice).await.unwrap()).await;

    let spans = rig.spans();
    assert_eq!((spans.len(), trace.refused()), (hostile.len() + 1, hostile.len() as u64 + 1));
    for span in &spans {
        assert_eq!(span.parent_span_id, opentelemetry::trace::SpanId::INVALID, "{span:?}");
        assert!(!span.span_context.trace_id().to_string().starts_with("4bf92f"), "{span:?}");
    }
    let fine = with("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    answer(app.oneshot(fine).await.unwrap()).await;
    assert_eq!(trace.refused(), hostile.len() as u64 + 1, "a good one is not refused");
    assert_eq!(rig.spans().last().unwrap().parent_span_id.to_string(), "00f067aa0ba902b7");
}

#[tokio::test]
async fn of_a_repeated_tracestate_key_the_first_is_kept() {
    let rig = Rig::new();
    let mut request = with("tracestate", b"a=1,b=2,a=3");
    let parent = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    request.headers_mut().insert("traceparent", parent);
    send(&rig, request).await;
    assert_eq!(rig.span_of(&SpanKind::Server).span_context.trace_state().header(), "a=1,b=2");
}

#[tokio::test]
async fn a_hostile_tracestate_is_dropped_alone() {
    let long = [b"a=".as_slice(), &[b'x'; 8 * 1024]].concat();
    let crowd = (0..100).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join(",").into_bytes();
    for state in [&b"no equals"[..], b"UPPER=1", b"a=\xff", &long, &crowd] {
        let rig = Rig::new();
        let mut request = with("tracestate", state);
        let parent = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        request.headers_mut().insert("traceparent", parent);
        send(&rig, request).await;
        let span = rig.span_of(&SpanKind::Server);
        assert_eq!(span.span_context.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(span.span_context.trace_state().header(), "", "{:?}", String::from_utf8_lossy(state));
    }
}

#[tokio::test]
async fn a_hostile_path_and_agent_stay_text_on_spans_lines_and_pages() {
    let rig = Rig::new();
    let mut hostile = request(Method::GET, "/%0a%1b[31m%22}{evil=%22?q=%0d%0aevil", &[]);
    let agent = HeaderValue::from_bytes(b"evil\"} 1\\n\xe2\x80\xae\xff").unwrap();
    hostile.headers_mut().insert("user-agent", agent);
    hostile.headers_mut().insert("host", HeaderValue::from_static("evil\"{}.example"));
    hostile.headers_mut().insert("x-forwarded-host", HeaderValue::from_static("evil\\\", second"));
    send(&rig, hostile).await;

    assert_eq!(rig.access("server").len(), 1, "one line, and it is one JSON object");
    assert!(rig.log().chars().all(|c| c == '\n' || !c.is_control()), "{:?}", rig.log());
    rig.assert_no_label_has(&["evil"]);
    for line in rig.page().lines() {
        assert!(!line.is_empty() && line.chars().all(|c| !c.is_control()), "{line:?}");
    }
    let span = rig.span_of(&SpanKind::Server);
    assert_eq!(span.name, "GET /{*path}");
}

#[tokio::test]
async fn a_handler_that_logs_what_it_was_sent_writes_one_line() {
    let rig = Rig::new();
    let app = Router::new().fallback(|request: axum::extract::Request| async move {
        let agent = String::from_utf8_lossy(request.headers()["user-agent"].as_bytes()).into_owned();
        tower_telemetry::current().unwrap().set("agent", agent.clone());
        tracing::info!(agent, path = %request.uri(), "{}\n\u{1b}[31m", request.uri().path());
    });
    let app = app.layer(rig.telemetry.http_server());
    let server = Server::axum(app).await;
    let caller = Caller::of(&server);
    caller.call(with("user-agent", "evil\u{2028}\u{202e}\"}{".as_bytes())).await;
    rig.until_ended("server", 1).await;
    // Each line was read as one JSON object; what is left to look for is what is dangerous to a terminal.
    assert_eq!(rig.line_saying("/x\n\u{1b}[31m").text("agent"), Some("evil\u{2028}\u{202e}\"}{"));
    assert!(rig.log().chars().all(|c| c == '\n' || !(c.is_control() || "\u{2028}\u{202e}".contains(c))));
    assert_eq!(rig.line_of("server").text("agent"), Some("evil\u{2028}\u{202e}\"}{"));
}
