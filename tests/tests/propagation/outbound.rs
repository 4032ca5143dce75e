use opentelemetry::trace::SpanKind;
use opentelemetry::trace::noop::NoopTracer;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tower::Layer;
use tower_telemetry::log::LogContext;
use tower_telemetry::request_id::RequestIds;
use tower_telemetry::trace::Trace;
use tower_telemetry::{Authority, SignalExt};
use tower_telemetry_tests::proto::Line;
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::{Caller, Echo, Rig, Server, answer, grpc, request, soon};

use crate::hop::{Hop, TRACE, traceparent};

#[tokio::test]
async fn a_call_over_grpc_is_the_parent_of_what_it_calls() {
    let rig = Rig::new();
    let server = tonic::transport::Server::builder().layer(rig.telemetry.grpc_server());
    let server =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let layer = rig.telemetry.grpc_client(Authority::new("127.0.0.1", server.addr.port()));
    let mut client = EchoClient::new(layer.layer(grpc(&server)));
    soon(client.say(Line { text: "hello".into(), number: 0 })).await.unwrap();
    rig.until_ended("server", 1).await;
    rig.until_ended("client", 1).await;

    let (inner, call) = (rig.span_of(&SpanKind::Server), rig.span_of(&SpanKind::Client));
    assert_eq!(inner.parent_span_id, call.span_context.span_id());
    assert_eq!(inner.span_context.trace_id(), call.span_context.trace_id());
    assert_eq!((&*inner.name, &*call.name), ("compose.v1.Echo/Say", "compose.v1.Echo/Say"));
    assert_eq!(rig.line_of("server").ids()[2], rig.line_of("client").ids()[2], "the request id goes along");
}

#[tokio::test]
async fn an_unsampled_trace_has_ids_everywhere_and_says_so_to_callees() {
    let rig = Rig::new();
    let (_, seen) = Hop::of(&rig).await.pass("/", &[("traceparent", &traceparent("00"))]).await;
    rig.until_ended("server", 1).await;
    let (inside, server, client) = (rig.line_saying("inside"), rig.line_of("server"), rig.line_of("client"));
    assert_eq!(inside.ids(), server.ids());
    assert_eq!(client.ids()[0], Some(TRACE));
    assert_eq!(seen.ids(), [TRACE, client.ids()[1].unwrap(), "00"]);
    assert_ne!(client.ids()[1], server.ids()[1], "a call has an id of its own");
    assert!(rig.spans().is_empty());
}

/// A hop whose windows are these, with a line for what its handler says.
async fn unsampled<T>(rig: &Rig, trace: Trace<T>) -> Hop
where
    T: opentelemetry::trace::Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    let _ = rig;
    let windows = (RequestIds::new(), trace, LogContext::new());
    let client = windows.clone().client().layer(Caller::http1());
    Hop::new(|app| app.layer(windows.server()), client).await
}

#[tokio::test]
async fn without_an_sdk_the_context_goes_through_all_the_same() {
    let rig = Rig::new();
    let hop = unsampled(&rig, Trace::new(NoopTracer::new())).await;
    let headers = [("traceparent", &*traceparent("01")), ("tracestate", "a=1")];
    let (_, seen) = hop.pass("/", &headers).await;
    let [trace, _, flags] = seen.ids();
    assert_eq!((trace, flags), (TRACE, "01"), "the caller's decision is the caller's");
    assert_eq!(seen.all("tracestate"), ["a=1"]);
    assert_eq!(rig.line_saying("inside").ids()[0], Some(TRACE));
    assert_eq!(rig.line_saying("inside").ids(), rig.line_of("server").ids());
}

#[tokio::test]
async fn without_an_sdk_a_new_trace_has_ids_of_its_own() {
    let rig = Rig::new();
    let hop = unsampled(&rig, Trace::new(NoopTracer::new())).await;
    let (_, seen) = hop.pass("/", &[]).await;
    let [trace, _, flags] = seen.ids();
    assert_eq!(flags, "02", "nobody samples it, and its id is random");
    assert_eq!(rig.line_saying("inside").ids()[0], Some(trace));
}

#[tokio::test]
async fn a_sampler_that_says_no_is_obeyed_by_callees() {
    let rig = Rig::new();
    let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOff).build();
    let hop = unsampled(&rig, Trace::with_tracer_provider(&provider)).await;
    let (_, seen) = hop.pass("/", &[("traceparent", &traceparent("01"))]).await;
    let [trace, span, flags] = seen.ids();
    assert_eq!((trace, flags), (TRACE, "00"));
    assert_eq!(rig.line_of("client").ids()[..2], [Some(TRACE), Some(span)]);
}

#[tokio::test]
async fn a_header_that_stands_in_the_request_is_replaced_by_the_context_of_the_call() {
    use tower::ServiceExt;
    let rig = Rig::new();
    let hop = Hop::of(&rig).await;
    // A proxy that copies the headers of its caller would send two contexts.
    let client = rig.telemetry.http_client().layer(Caller::http1());
    let stale = [("traceparent", &*traceparent("01")), ("tracestate", "stale=1"), ("x-request-id", "kept")];
    let request = request(http::Method::GET, &hop.front.url("/"), &stale);
    answer(soon(client.oneshot(request)).await.unwrap()).await;
    rig.until_ended("server", 1).await;
    rig.until_ended("client", 2).await;
    let server = rig.span_of(&SpanKind::Server);
    assert_ne!(server.span_context.trace_id().to_string(), TRACE);
    let calls = rig.spans_of(&SpanKind::Client);
    assert!(calls.iter().any(|call| call.span_context.span_id() == server.parent_span_id), "{calls:?}");
    assert_eq!(server.span_context.trace_state().header(), "");
    assert_eq!(rig.line_of("server").ids()[2], Some("kept"), "an id that a caller wrote stands");
}
