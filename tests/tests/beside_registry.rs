//! Telemetry beside a registry of the crate `prometheus`, the one that is everybody's: a binary of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::routing::get;
use http::Method;
use prometheus::{IntCounter, default_registry};
use tower::ServiceExt;
use tower_telemetry::Telemetry;
use tower_telemetry::metrics::{PrometheusCollector, PrometheusRegistry, Store};
use tower_telemetry_tests::{Caller, answer, request, soon};

const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

#[tokio::test]
async fn a_registry_that_is_there_is_shown_on_the_page_or_shows_what_the_page_would() {
    let jobs = IntCounter::new("shop_jobs_total", "Jobs done.").unwrap();
    default_registry().register(Box::new(jobs.clone())).unwrap();
    jobs.inc_by(3);

    // On the page of telemetry.
    let store = Store::new();
    store.collector(PrometheusRegistry::new(default_registry().clone()));
    let builder = || Telemetry::builder("orders").without_subscriber();
    let telemetry = builder().with_store(store).with_admin_addr(ANY_PORT).init().unwrap();
    let app = Router::new().route("/", get(|| async {})).layer(telemetry.http_server());
    answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    let url = format!("http://{}/metrics", telemetry.admin_addr().unwrap());
    let page = answer(soon(Caller::http1().oneshot(request(Method::GET, &url, &[]))).await.unwrap()).await;
    let page = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(page.contains("shop_jobs_total 3"), "{page}");
    assert!(page.contains("http_server_request_duration_seconds_count{"), "{page}");
    telemetry.shutdown().await;

    // The other way round, for a program that serves its registry itself.
    let telemetry = builder().without_admin().init().unwrap();
    let app = Router::new().route("/", get(|| async {})).layer(telemetry.http_server());
    answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    default_registry()
        .register(Box::new(PrometheusCollector::new(telemetry.store().clone()).unwrap()))
        .unwrap();
    let names: Vec<_> = default_registry().gather().iter().map(|family| family.name().to_owned()).collect();
    for name in ["shop_jobs_total", "http_server_request_duration_seconds", "target_info"] {
        assert!(names.iter().any(|told| told == name), "{name} in {names:?}");
    }
    telemetry.shutdown().await;
}
