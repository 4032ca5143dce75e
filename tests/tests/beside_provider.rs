//! Telemetry beside a tracer provider of the program's own, which is everybody's: a binary of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use axum::Router;
use axum::routing::get;
use http::Method;
use opentelemetry::global;
use opentelemetry::trace::{SpanId, Tracer};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tower::ServiceExt;
use tower_telemetry::Telemetry;
use tower_telemetry_tests::{answer, request};

async fn one_request(telemetry: &Telemetry) {
    let handler = || async { global::tracer("program").in_span("basket", |_| {}) };
    let app = Router::new().route("/", get(handler)).layer(telemetry.http_server());
    answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
}

/// The span of the exchange, and the one that the program made in it.
fn pair(mut spans: Vec<SpanData>) -> (SpanData, SpanData) {
    assert_eq!(spans.len(), 2, "{spans:?}");
    let exchange = spans.pop().unwrap();
    let own = spans.pop().unwrap();
    assert_eq!((&*exchange.name, &*own.name), ("GET /", "basket"));
    (exchange, own)
}

#[tokio::test]
async fn a_provider_that_is_there_makes_the_spans_and_goes_on_after_the_end() {
    let spans = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
    global::set_tracer_provider(provider.clone());
    let builder = || Telemetry::builder("orders").without_admin().without_subscriber();

    let telemetry = builder().with_tracer_provider(provider.clone()).init().unwrap();
    one_request(&telemetry).await;
    let (exchange, own) = pair(spans.get_finished_spans().unwrap());
    assert_eq!(own.parent_span_id, exchange.span_context.span_id());
    assert_eq!(exchange.parent_span_id, SpanId::INVALID);
    telemetry.shutdown().await;
    spans.reset();
    one_request(&telemetry).await;
    pair(spans.get_finished_spans().unwrap());

    // Beside it, with a provider of telemetry's own: the program's spans belong to the same trace.
    spans.reset();
    let apart = InMemorySpanExporter::default();
    let processor = opentelemetry_sdk::trace::SimpleSpanProcessor::new(apart.clone());
    let telemetry = builder().with_span_processor(processor).init().unwrap();
    one_request(&telemetry).await;
    let [own] = &spans.get_finished_spans().unwrap()[..] else { panic!("one span of the program") };
    let [exchange] = &apart.get_finished_spans().unwrap()[..] else { panic!("one span of the exchange") };
    assert_eq!(own.span_context.trace_id(), exchange.span_context.trace_id());
    assert_eq!(own.parent_span_id, exchange.span_context.span_id());
    telemetry.shutdown().await;
}
