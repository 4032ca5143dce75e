//! Libraries that know the `log` crate alone. Owns the global subscriber and the global logger, so it is a binary of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use axum::Router;
use axum::routing::get;
use http::Method;
use tower::ServiceExt;
use tower_telemetry::Telemetry;
use tower_telemetry_tests::{Captured, answer, request, until};

async fn handler() -> &'static str {
    log::warn!(target: "legacy::pool", "{} left\u{1b}[31m", 3);
    log::debug!(target: "legacy::pool", "quiet");
    log::info!(target: "legacy::noise", "off");
    // A task has the exchange, too.
    tower_telemetry::spawn(async { log::error!(target: "legacy::task", "from a task") });
    "here"
}

#[tokio::test]
async fn a_record_of_the_log_crate_is_a_line_with_the_ids_of_its_exchange() {
    let lines = Captured::default();
    let telemetry = Telemetry::builder("old")
        .without_admin()
        .with_log_filter("info,legacy::noise=off")
        .with_log_writer(lines.clone())
        .init()
        .unwrap();
    let app = Router::new().route("/", get(handler)).layer(telemetry.http_server());
    let answer = answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    log::info!("outside");
    let of = |target: &str| lines.lines().into_iter().find(|line| line.text("target") == Some(target));
    until("the task has logged", || of("legacy::task").is_some()).await;

    let access = of("tower_telemetry::access").unwrap();
    assert_eq!(access.ids()[2], answer.header("x-request-id"));
    let record = of("legacy::pool").unwrap();
    assert_eq!(record.text("message"), Some("3 left\u{1b}[31m"));
    assert_eq!(record.text("level"), Some("WARN"));
    assert_eq!((record.ids(), of("legacy::task").unwrap().ids()), (access.ids(), access.ids()));
    assert!(access.ids().iter().all(Option::is_some));
    assert!(["log.target", "log.line", "log.module_path"].iter().all(|key| record.get(key).is_none()));
    assert_eq!(of("log_records").unwrap().ids(), [None; 3], "it belongs to nobody");
    assert!(!lines.text().contains("quiet") && of("legacy::noise").is_none(), "{}", lines.text());
}
