//! `OTEL_SDK_DISABLED`: what ends with it, and what stays.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use http::HeaderMap;
use tower_telemetry_tests::Server;

use crate::collector::Collector;
use crate::process::Newcomer;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn without_the_sdk_context_request_ids_lines_and_metrics_stay_and_nothing_is_exported() {
    let (collector, at) = Collector::over_http().await;
    let told = Arc::new(Mutex::new(HeaderMap::new()));
    let hear = {
        let told = Arc::clone(&told);
        move |headers: HeaderMap| async move { *told.lock().unwrap() = headers }
    };
    let stock = Server::axum(Router::new().route("/", get(hear))).await;
    let (endpoint, url) = (at.url(""), stock.url("/"));
    let newcomer = Newcomer::start(&[
        ("OTEL_SDK_DISABLED", "TRUE"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_METRIC_EXPORT_INTERVAL", "10"),
        ("STOCK_URL", &url),
    ]);
    let headers = [("traceparent", CALLER), ("x-request-id", "mine-7")];
    let answer = newcomer.get("/orders/7/stock", &headers).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-request-id")), (200, Some("mine-7")));

    let told = told.lock().unwrap().clone();
    let told = |name: &str| told.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(told("traceparent").starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
    assert!(told("traceparent").ends_with("-01"));
    assert_eq!(told("x-request-id"), "mine-7");
    let access = newcomer.line("http.route", "/orders/{id}/stock").await;
    assert_eq!(access.text("trace_id"), Some("0af7651916cd43dd8448eb211c80319c"));
    assert_eq!(access.text("request_id"), Some("mine-7"));
    let page = String::from_utf8(newcomer.admin("/metrics").await.body.to_vec()).unwrap();
    assert!(page.contains("http_server_request_duration_seconds_count{"), "{page}");
    newcomer.end().await;
    assert!(collector.taken().is_nothing(), "{:?}", collector.taken());
}
