//! The whole way, from the set-up to the last export.

use std::sync::OnceLock;

use tower_telemetry_core::names::metric;

use super::told::{metrics_of, numbers_of};
use crate::otlp::Protocol;
use crate::otlp::receiver::Receiver;
use crate::settings::Environment;
use crate::{InitError, Telemetry};

const EXPORTS: &str = metric::OTLP_EXPORTS.name;

/// Telemetry without a global, in this environment.
fn set_up(read: fn(&'static str) -> Option<String>) -> Result<Telemetry, InitError> {
    let builder = Telemetry::builder("shop").without_admin().without_subscriber();
    builder.init_in(Environment::of(read))
}

#[tokio::test]
async fn metrics_are_exported_on_an_interval() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[]).await;
    ENDPOINT.set(format!("http://{}", receiver.addr)).unwrap();
    let telemetry = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_TRACES_EXPORTER" => Some("none".into()),
        "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("http/protobuf".into()),
        "OTEL_METRIC_EXPORT_INTERVAL" => Some("1".into()),
        _ => None,
    });
    let telemetry = telemetry.unwrap();
    for _ in 0..3 {
        let request = receiver.next().await.metrics();
        let resource = request.resource_metrics[0].resource.as_ref().unwrap();
        assert!(resource.attributes.iter().any(|attribute| attribute.key == "service.name"));
    }
    telemetry.shutdown().await;
}

#[tokio::test]
async fn shutdown_exports_what_there_is_and_only_once() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    ENDPOINT.set(format!("http://{}", receiver.addr)).unwrap();
    let telemetry = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("grpc".into()),
        _ => None,
    });
    let telemetry = telemetry.unwrap();
    telemetry.shutdown().await;
    telemetry.shutdown().await;
    let request = receiver.next().await.metrics();
    let numbers = numbers_of(&request);
    let exports = format!("{EXPORTS}{{signal=metrics,outcome=success,}}");
    assert_eq!(numbers.get(&exports), Some(&0.0));
    assert!(metrics_of(&request).all(|metric| metric.name != "target.info"));
    assert!(receiver.waiting().is_none());
}

#[tokio::test]
async fn a_collector_that_is_gone_does_not_hold_up_the_shutdown() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let addr = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    ENDPOINT.set(format!("http://{addr}")).unwrap();
    let telemetry = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" => ENDPOINT.get().cloned(),
        // The first export has failed and waits when the end comes.
        "OTEL_METRIC_EXPORT_INTERVAL" => Some("1".into()),
        _ => None,
    });
    let telemetry = telemetry.unwrap();
    telemetry.shutdown().await;
    let failures = [("signal", "metrics"), ("outcome", "failure")];
    assert_eq!(telemetry.store().snapshot().value(EXPORTS, &failures), Some(1.0));
}

#[test]
fn an_environment_that_makes_no_sense_is_an_error_of_the_set_up() {
    let error = set_up(|name| match name {
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" => Some("collector".into()),
        _ => None,
    });
    assert!(matches!(error, Err(InitError::Environment { .. })));
}
