//! `OTEL_SDK_DISABLED`: what ends with it, and what stays.

use std::convert::Infallible;
use std::io::Write;
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use http_body_util::Empty;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::names::{header, metric};
use tracing_subscriber::layer::SubscriberExt;

use crate::Telemetry;
use crate::settings::Environment;

type Body = Empty<bytes::Bytes>;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn context_request_ids_metrics_and_lines_stay_where_the_sdk_is_disabled() {
    let lines = Lines::default();
    let writer = lines.clone();
    let telemetry = Telemetry::builder("shop")
        .without_admin()
        .without_subscriber()
        .with_log_writer(move || writer.clone())
        .init_in(Environment::of(|name| (name == "OTEL_SDK_DISABLED").then(|| "true".into())))
        .unwrap();
    let subscriber = tracing_subscriber::registry().with(telemetry.log_layer());
    let _subscriber = tracing::subscriber::set_default(subscriber);

    let sent = Arc::new(Mutex::new(None));
    let callee = {
        let sent = Arc::clone(&sent);
        telemetry.http_client().layer(service_fn(move |request: Request<Body>| {
            *sent.lock().unwrap() = Some(request.headers().clone());
            async { Ok::<_, Infallible>(Response::new(Body::new())) }
        }))
    };
    let server = telemetry.http_server().layer(service_fn(move |_: Request<Body>| {
        let callee = callee.clone();
        async move {
            tracing::info!("in the middle");
            callee.oneshot(Request::get("http://callee/").body(Body::new()).unwrap()).await
        }
    }));
    let request = Request::get("/").header(header::TRACEPARENT, CALLER).header(header::X_REQUEST_ID, "mine");
    let response = server.oneshot(request.body(Body::new()).unwrap()).await.unwrap();

    assert_eq!(response.headers().get(header::X_REQUEST_ID).unwrap(), "mine");
    let sent = sent.lock().unwrap().take().unwrap();
    assert_eq!(sent.get(header::X_REQUEST_ID).unwrap(), "mine");
    let traceparent = sent.get(header::TRACEPARENT).unwrap().to_str().unwrap();
    assert!(traceparent.contains("0af7651916cd43dd8448eb211c80319c") && traceparent.ends_with("-01"));
    drop(response);
    assert_eq!(telemetry.store().snapshot().total(metric::EXCHANGES_ENDED.name, &[]), 2.0);
    let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = lines.lines().find(|line| line.contains("in the middle")).unwrap();
    assert!(line.contains("0af7651916cd43dd8448eb211c80319c") && line.contains("\"mine\""), "{line}");
    telemetry.shutdown().await;
}
