//! Telemetry beside a subscriber of the program's own. Owns the global subscriber, so it is a binary of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use axum::Router;
use axum::routing::get;
use http::Method;
use tower::ServiceExt;
use tower_telemetry::{InitError, Telemetry};
use tower_telemetry_tests::{Captured, answer, request};
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

#[tokio::test]
async fn a_subscriber_that_is_there_takes_the_log_layer_and_keeps_its_own() {
    let (own, lines) = (Captured::default(), Captured::default());
    let telemetry = Telemetry::builder("orders")
        .without_admin()
        .without_subscriber()
        .with_log_writer(lines.clone())
        .init()
        .unwrap();
    let format = fmt::layer().with_writer(own.clone()).with_ansi(false);
    tracing_subscriber::registry().with(format).with(telemetry.log_layer()).init();

    let handler = || async { tracing::info_span!("basket", size = 3).in_scope(|| tracing::info!("checked")) };
    let app = Router::new().route("/", get(handler)).layer(telemetry.http_server());
    let answer = answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    let line = lines.lines().into_iter().find(|line| line.text("message") == Some("checked")).unwrap();
    assert_eq!(line.text("request_id"), answer.header("x-request-id"));
    assert_eq!(line.get("size").unwrap(), 3);
    assert!(own.text().contains("basket{size=3}") && own.text().contains("checked"), "{}", own.text());

    // Who asks for a subscriber nevertheless is told what to do, and nothing of it stays.
    let error = Telemetry::builder("orders").without_admin().init().unwrap_err();
    assert!(matches!(error, InitError::Subscriber), "{error:?}");
    assert!(error.to_string().contains("without_subscriber()"), "{error}");
    telemetry.shutdown().await;
}
