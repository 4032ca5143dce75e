//! What an export says of itself, at the finest level.

use tower_telemetry_tests::until;

use crate::collector::Collector;
use crate::process::Newcomer;

/// What carries an export, and nothing else here: the service is asked nothing.
const CARRIERS: &[&str] = &["h2", "hyper", "hyper_util", "rustls", "tonic", "tower"];

async fn check(collector: Collector, endpoint: &str, protocol: &str) {
    let newcomer = Newcomer::start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "1"),
        ("RUST_LOG", "trace"),
    ]);
    // What the export of the first records says would be among the last.
    let has = |text: &str| {
        collector.taken().records().iter().any(|(_, record)| format!("{record:?}").contains(text))
    };
    until("the start has arrived", || has("listening")).await;
    let lines = newcomer.end().await;
    let carries = |target: &str| CARRIERS.contains(&target.split("::").next().unwrap());
    let carried = lines.iter().filter(|line| carries(line.text("target").unwrap())).count();
    assert!(carried > 0, "the lines tell how the export went, or the test shows nothing");
    let records = collector.taken().records();
    let own: Vec<_> = records.iter().filter(|(scope, _)| carries(scope)).collect();
    assert!(own.is_empty(), "{own:?}");
}

#[tokio::test]
async fn an_export_over_http_does_not_export_its_own_events() {
    let (collector, server) = Collector::over_http().await;
    check(collector, &server.url(""), "http/protobuf").await;
}

#[tokio::test]
async fn an_export_over_grpc_does_not_export_its_own_events() {
    let (collector, server) = Collector::over_grpc().await;
    check(collector, &server.url(""), "grpc").await;
}

#[tokio::test]
async fn that_records_cannot_be_exported_is_told_by_a_line_and_by_no_record() {
    let (collector, server) = Collector::over_http().await;
    collector.refuse_one();
    let endpoint = server.url("");
    let newcomer = Newcomer::start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "1"),
    ]);
    let refused = newcomer.line("message", "log records cannot be exported and are dropped").await;
    assert_eq!(refused.text("level"), Some("WARN"));
    // What comes later arrives, and is told of in the same way.
    newcomer.get("/orders/7", &[]).await;
    newcomer.line("message", "log records are exported again").await;
    newcomer.end().await;
    let records = collector.taken().records();
    assert!(records.iter().any(|(_, record)| format!("{record:?}").contains("looked up")));
    let own = records.iter().find(|(_, record)| format!("{record:?}").contains("log records"));
    assert!(own.is_none(), "{own:?}");
}
