//! Nothing configured.

use crate::process::Newcomer;

#[tokio::test]
async fn a_service_without_configuration_writes_useful_lines_and_serves_its_metrics() {
    let newcomer = Newcomer::start(&[]);
    let answer = newcomer.get("/orders/7", &[]).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, &b"an order"[..]));

    let inside = newcomer.line("message", "looked up").await;
    assert_eq!(inside.text("service.name"), Some("orders"));
    assert_eq!(inside.text("request_id"), answer.header("x-request-id"));
    assert_eq!((inside.text("trace_id").unwrap().len(), inside.text("span_id").unwrap().len()), (32, 16));
    let access = newcomer.line("http.route", "/orders/{id}").await;
    assert_eq!(access.text("trace_id"), inside.text("trace_id"));
    assert_eq!(access.get("http.response.status_code").unwrap(), 200);
    assert!(access.get("duration_ms").unwrap().as_f64().unwrap() > 0.0);

    let page = String::from_utf8(newcomer.admin("/metrics").await.body.to_vec()).unwrap();
    for expected in [
        "http_server_request_duration_seconds_count{",
        "http_route=\"/orders/{id}\"",
        "target_info{",
        "service_name=\"orders\"",
        "process_memory_usage_bytes",
    ] {
        assert!(page.contains(expected), "{expected} is not in:\n{page}");
    }
    assert_eq!(newcomer.admin("/healthz").await.status, 200);
    assert_eq!(newcomer.admin("/readyz").await.status, 200);
    let start = newcomer.line("message", "telemetry is set up").await;
    for nowhere in ["traces", "metrics_to", "logs"] {
        assert_eq!(start.text(nowhere), Some("none"));
    }
    // Nothing but lines of JSON, to the end.
    assert!(newcomer.end().await.len() >= 4);
}
