//! The front door as a newcomer finds it. Owns the global subscriber, so it is a binary of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use http::Method;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanExporter};
use tower::ServiceExt;
use tower_telemetry::{InitError, Telemetry, TelemetryBuilder};
use tower_telemetry_tests::proto::echo_client::EchoClient;
use tower_telemetry_tests::proto::echo_server::EchoServer;
use tower_telemetry_tests::proto::{FILE_DESCRIPTOR_SET, Line};
use tower_telemetry_tests::{Answer, Caller, Captured, Echo, Server, answer, grpc, request, soon, until};

const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Telemetry that takes nothing global.
fn apart(name: &str) -> TelemetryBuilder {
    Telemetry::builder(name).without_subscriber().with_admin_addr(ANY_PORT)
}

/// Gets a page of the admin listener.
async fn admin(addr: SocketAddr, path: &str) -> Answer {
    let request = request(Method::GET, &format!("http://{addr}{path}"), &[]);
    answer(soon(Caller::http1().oneshot(request)).await.unwrap()).await
}

/// The global subscriber can be had once, so what happens the first and the second time is one test.
#[tokio::test]
async fn five_lines_give_pages_and_lines_and_a_second_set_up_is_told_what_to_do() {
    let lines = Captured::default();
    let telemetry =
        Telemetry::builder("orders").with_admin_addr(ANY_PORT).with_log_writer(lines.clone()).init().unwrap();

    let app =
        Router::new().route("/orders/{id}", get(|| async { "an order" })).layer(telemetry.http_server());
    let http = Server::axum(app).await;
    let server = tonic::transport::Server::builder().layer(telemetry.grpc_server());
    let echo =
        Server::tonic(|incoming| { server }.add_service(EchoServer::new(Echo)).serve_with_incoming(incoming))
            .await;
    let answer = Caller::of(&http).get("/orders/7").await;
    let hello = Line { text: "hello".into(), number: 0 };
    soon(EchoClient::new(grpc(&echo)).say(hello)).await.unwrap();
    let ended = || telemetry.store().snapshot().total("tower_telemetry.exchanges.ended", &[]);
    until("both exchanges ended", || ended() == 2.0).await;

    let addr = telemetry.admin_addr().unwrap();
    assert_eq!(admin(addr, "/healthz").await.body, "ok\n");
    let page = admin(addr, "/metrics").await;
    assert!(page.header("content-type").unwrap().starts_with("text/plain; version="), "{page:?}");
    let page = String::from_utf8(page.body.to_vec()).unwrap();
    for expected in [
        "# TYPE http_server_request_duration_seconds histogram",
        "http_server_request_duration_seconds_bucket{",
        "http_route=\"/orders/{id}\"",
        "rpc_server_call_duration_seconds_bucket{",
        "rpc_method=\"compose.v1.Echo/Say\"",
        "target_info{",
        "service_name=\"orders\"",
        "process_cpu_time_seconds_total",
        "process_memory_usage_bytes",
        "tower_telemetry_exchanges_ended_total{",
    ] {
        assert!(page.contains(expected), "{expected} is not in the page:\n{page}");
    }

    // The other tests of this binary are heard as well: the subscriber is everybody's.
    let line = |key, value: &str| {
        let found: Vec<_> = lines.lines().into_iter().filter(|line| line.text(key) == Some(value)).collect();
        assert_eq!(found.len(), 1, "one line whose {key} is {value}: {found:?}");
        found[0].clone()
    };
    let start = line("metrics", &format!("http://{addr}/metrics"));
    assert_eq!((start.text("service.name"), start.text("traces")), (Some("orders"), Some("none")));
    let access = line("http.route", "/orders/{id}");
    assert_eq!(access.text("request_id"), answer.header("x-request-id"));
    assert_eq!(access.text("service.name"), Some("orders"));
    assert_eq!(line("rpc.method", "compose.v1.Echo/Say").text("rpc.status_code"), Some("OK"));

    let second = Server::nobody();
    let error = Telemetry::builder("orders").with_admin_addr(second).init().unwrap_err();
    assert!(matches!(error, InitError::Subscriber), "{error:?}");
    let advice = error.to_string();
    assert!(advice.contains("without_subscriber()") && advice.contains("log_layer()"), "{advice}");
    TcpListener::bind(second).expect("nothing was set up, so the address is free");
    // The same again, with the same address: that it is taken is not what is wrong.
    let again = Telemetry::builder("orders").with_admin_addr(addr).init().unwrap_err();
    assert!(matches!(again, InitError::Subscriber), "{again:?}");

    soon(telemetry.shutdown()).await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error_that_says_what_to_change() {
    let taken = TcpListener::bind(ANY_PORT).unwrap();
    let addr = taken.local_addr().unwrap();
    let error = apart("taken").with_admin_addr(addr).init().unwrap_err();
    assert!(matches!(&error, InitError::Admin { addr: told, .. } if *told == addr), "{error:?}");
    let advice = error.to_string();
    for part in
        [&*addr.to_string(), "in use", "OTEL_EXPORTER_PROMETHEUS_PORT", "with_admin_addr", "without_admin"]
    {
        assert!(advice.contains(part), "{part} is not in {advice}");
    }
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn bytes_that_are_no_descriptors_are_an_error() {
    apart("descriptors").with_grpc_descriptors(FILE_DESCRIPTOR_SET).map(drop).expect("these are");
    let error = apart("descriptors").with_grpc_descriptors(b"\xff\xff").map(drop).unwrap_err();
    assert!(matches!(error, InitError::Descriptors(_)), "{error:?}");
}

/// Keeps the names of the spans it is given.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl SpanExporter for Kept {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch.into_iter().map(|span| span.name.into_owned()));
        Ok(())
    }
}

/// Observes one request, and shuts down: its span is flushed, and the admin listener is gone.
async fn shut_down() {
    let kept = Kept::default();
    let processor = BatchSpanProcessor::builder(kept.clone()).build();
    let telemetry = apart("down").with_span_processor(processor).init().unwrap();
    let addr = telemetry.admin_addr().unwrap();
    let app = Router::new().route("/", get(|| async {})).layer(telemetry.http_server());
    answer(app.clone().oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    assert_eq!(admin(addr, "/healthz").await.status, 200);

    soon(telemetry.shutdown()).await;
    assert_eq!(*kept.0.lock().unwrap(), ["GET /"]);
    assert!(tokio::net::TcpStream::connect(addr).await.is_err(), "nobody listens any more");
    soon(telemetry.clone().shutdown()).await;

    // What comes later is served and counted, though its span goes nowhere.
    answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    assert_eq!(telemetry.store().snapshot().total("tower_telemetry.exchanges.ended", &[]), 2.0);
    assert_eq!(kept.0.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "current_thread")]
async fn a_shutdown_ends_on_a_runtime_of_one_thread() {
    shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_ends_on_a_runtime_of_many_threads() {
    shut_down().await;
}

#[test]
fn telemetry_is_set_up_before_there_is_a_runtime_and_outlives_it() {
    let telemetry = apart("outlives").init().unwrap();
    let addr = telemetry.admin_addr().unwrap();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = Router::new().route("/", get(|| async {})).layer(telemetry.http_server());
    runtime().block_on(async {
        answer(app.oneshot(request(Method::GET, "/", &[])).await.unwrap()).await;
    });
    // Another runtime, and the listener answers still.
    let page = runtime().block_on(admin(addr, "/metrics"));
    assert!(String::from_utf8_lossy(&page.body).contains("http_server_request_duration_seconds_count{"));
    runtime().block_on(async { soon(telemetry.shutdown()).await });
}

#[tokio::test]
async fn a_path_that_the_listener_does_not_know_is_not_found_and_nothing_of_it_is_counted() {
    let telemetry = apart("admin").init().unwrap();
    let addr = telemetry.admin_addr().unwrap();
    assert_eq!(admin(addr, "/metrics/text-of-the-wire").await.status, 404);
    let page = String::from_utf8(admin(addr, "/metrics").await.body.to_vec()).unwrap();
    assert!(!page.contains("text-of-the-wire"));
    assert_eq!(telemetry.store().snapshot().total("tower_telemetry.exchanges.started", &[]), 0.0);
    soon(telemetry.shutdown()).await;
}

#[tokio::test]
async fn telemetry_that_is_dropped_lets_its_address_go() {
    let telemetry = apart("dropped").init().unwrap();
    let addr = telemetry.admin_addr().unwrap();
    drop(telemetry);
    let is_free = || TcpListener::bind(addr).is_ok();
    until("the address is free", is_free).await;
}

#[tokio::test]
async fn an_address_that_others_can_reach_wants_a_token_and_readers_have_to_show_it() {
    const EVERYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    let error = apart("public").with_admin_addr(EVERYWHERE).init().unwrap_err();
    assert!(matches!(error, InitError::PublicAdmin { .. }), "{error:?}");
    for advice in ["with_admin_token", "TOWER_TELEMETRY_ADMIN_TOKEN", "with_open_admin"] {
        assert!(error.to_string().contains(advice), "{error}");
    }

    let telemetry = apart("public").with_admin_addr(EVERYWHERE).with_admin_token("s3cret").init().unwrap();
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, telemetry.admin_addr().unwrap().port()));
    let ask = async |token: &'static str| {
        let headers = [("authorization", token)];
        let request = request(Method::GET, &format!("http://{addr}/metrics"), &headers);
        answer(soon(Caller::http1().oneshot(request)).await.unwrap()).await
    };
    let refused = admin(addr, "/metrics").await;
    assert_eq!((refused.status.as_u16(), refused.header("www-authenticate")), (401, Some("Bearer")));
    for wrong in ["Bearer s3cre", "Bearer s3cret1", "Basic s3cret", "s3cret"] {
        assert_eq!(ask(wrong).await.status, 401, "{wrong}");
    }
    assert_eq!(ask("Bearer s3cret").await.status, 200);
    for open in ["/healthz", "/readyz"] {
        assert_eq!(admin(addr, open).await.status, 200, "{open}");
    }
    soon(telemetry.shutdown()).await;

    let open = apart("open").with_admin_addr(EVERYWHERE).with_open_admin().init().unwrap();
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, open.admin_addr().unwrap().port()));
    assert_eq!(admin(addr, "/metrics").await.status, 200);
    soon(open.shutdown()).await;
}
