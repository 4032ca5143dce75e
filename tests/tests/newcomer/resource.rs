//! Who tells, on every signal.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::resource::v1::Resource;

use crate::collector::Collector;
use crate::process::Newcomer;

fn attributes(resource: Option<&Resource>) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let attributes = resource.unwrap().attributes.iter();
    let pairs = attributes.map(|pair| {
        let value = pair.value.as_ref().unwrap().value.as_ref().unwrap();
        (pair.key.clone(), text(value))
    });
    pairs.collect()
}

/// The labels of `target_info`, as the text format writes them.
fn target_info(page: &str) -> BTreeMap<String, String> {
    let line = page.lines().find(|line| line.starts_with("target_info{")).unwrap();
    let labels = line.strip_prefix("target_info{").unwrap().strip_suffix("} 1").unwrap();
    let pairs = labels.split("\",").map(|pair| pair.trim_end_matches('"').split_once("=\"").unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[tokio::test]
async fn metrics_spans_records_and_the_page_tell_the_same_resource() {
    let (collector, server) = Collector::over_http().await;
    let endpoint = server.url("");
    let newcomer = Newcomer::start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.name=listed,service.version=1%2C0 ,deployment.environment.name=test,team=shop%20floor",
        ),
        ("OTEL_SERVICE_NAME", "named"),
    ]);
    assert_eq!(newcomer.get("/orders/7", &[]).await.status, 200);
    let page = String::from_utf8(newcomer.admin("/metrics").await.body.to_vec()).unwrap();
    let lines = newcomer.end().await;
    assert!(lines.iter().all(|line| line.text("service.name") == Some("named")));

    let taken = collector.taken();
    let metrics = &taken.metrics[0].resource_metrics[0];
    let traces = &taken.traces[0].resource_spans[0];
    let logs = &taken.logs[0].resource_logs[0];
    let told = attributes(metrics.resource.as_ref());
    assert_eq!(told, attributes(traces.resource.as_ref()));
    assert_eq!(told, attributes(logs.resource.as_ref()));
    assert_eq!(metrics.schema_url, "https://opentelemetry.io/schemas/1.45.0");
    assert_eq!((&metrics.schema_url, &metrics.schema_url), (&traces.schema_url, &logs.schema_url));
    for (key, value) in [
        ("service.name", "named"),
        ("service.version", "1,0"),
        ("deployment.environment.name", "test"),
        ("team", "shop floor"),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.name", "opentelemetry"),
        ("process.executable.name", "newcomer"),
        ("os.type", std::env::consts::OS),
    ] {
        assert_eq!(told.get(key).map(String::as_str), Some(value), "{key} in {told:?}");
    }
    for key in ["service.instance.id", "telemetry.sdk.version", "process.pid", "host.arch"] {
        assert!(told.contains_key(key), "{key} in {told:?}");
    }
    let labels = told.into_iter().map(|(key, value)| (key.replace('.', "_"), value)).collect();
    assert_eq!(target_info(&page), labels);
}
