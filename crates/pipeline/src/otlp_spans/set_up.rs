//! The whole way, from the set-up to the end, on both kinds of runtime.

use std::sync::OnceLock;

use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_proto::tonic::trace::v1::Span;
use tower_telemetry_core::names::metric;

use crate::otlp::receiver::Receiver;
use crate::otlp::{Protocol, Signal};
use crate::settings::Environment;
use crate::{InitError, Telemetry};

fn set_up(read: fn(&'static str) -> Option<String>) -> Result<Telemetry, InitError> {
    let builder = Telemetry::builder("shop").without_admin().without_subscriber();
    builder.init_in(Environment::of(read))
}

fn spans_of(receiver: &mut Receiver) -> Vec<Span> {
    let taken = std::iter::from_fn(|| receiver.waiting()).filter(|taken| taken.signal == Signal::Traces);
    let resources = taken.flat_map(|taken| taken.traces().resource_spans);
    resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
}

/// More than a batch, so that the end has more than one to send.
async fn check(receiver: &mut Receiver, telemetry: Telemetry) {
    let tracer = telemetry.tracer_provider().tracer("test");
    for _ in 0..1_000 {
        tracer.in_span("order", |_| {});
    }
    telemetry.shutdown().await;
    telemetry.shutdown().await;
    assert_eq!(spans_of(receiver).len(), 1_000);
    let snapshot = telemetry.store().snapshot();
    assert_eq!(snapshot.value(metric::OTLP_SPANS_EXPORTED.name, &[]), Some(1_000.0));
    assert_eq!(snapshot.value(metric::OTLP_SPANS_WAITING.name, &[]), Some(0.0));
}

#[tokio::test]
async fn the_end_on_a_runtime_of_one_thread_exports_all() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[]).await;
    ENDPOINT.set(format!("http://{}", receiver.addr)).unwrap();
    // Both signals, to the place that each has below the address.
    let telemetry = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => ENDPOINT.get().cloned(),
        _ => None,
    });
    check(&mut receiver, telemetry.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_on_a_runtime_of_more_threads_exports_all() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    ENDPOINT.set(format!("http://{}", receiver.addr)).unwrap();
    let telemetry = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL" => Some("grpc".into()),
        _ => None,
    });
    check(&mut receiver, telemetry.unwrap()).await;
}

#[tokio::test]
async fn a_set_up_that_is_disabled_makes_no_span_and_no_export() {
    let telemetry = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://127.0.0.1:9".into()),
        "OTEL_SDK_DISABLED" => Some("true".into()),
        _ => None,
    });
    let telemetry = telemetry.unwrap();
    telemetry.tracer_provider().tracer("test").in_span("order", |context| {
        use opentelemetry::trace::TraceContextExt;
        assert!(!context.span().is_recording());
    });
    let snapshot = telemetry.store().snapshot();
    assert_eq!(snapshot.value(metric::OTLP_SPANS_FINISHED.name, &[]), None);
    telemetry.shutdown().await;
}
