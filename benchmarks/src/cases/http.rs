//! One request to an axum router, in the process, without sockets.

use std::{convert::Infallible, hint::black_box, time::Duration};

use axum::{Json, Router, body::Body, extract::Path, routing::get};
use http::{HeaderValue, Request, Response, Uri, header::HOST};
use http_body_util::BodyExt;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{BatchSpanProcessor, SpanData, SpanExporter},
};
use serde::Serialize;
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry::{Telemetry, core::SignalExt, log::ACCESS_TARGET, metrics::Metrics};

use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    measure,
};

/// Requests of a thorough run.
const TIMES: usize = 100_000;

/// What the handler answers.
#[derive(Debug, Serialize)]
struct User {
    id: u64,
    name: &'static str,
}

/// Takes spans and does nothing: what is measured ends where an exporter begins.
#[derive(Debug)]
struct Nowhere;

pub(crate) fn all() -> Vec<Case> {
    let case = |name: &str, run: fn(Effort) -> Result<Readings>| {
        Case::new(name, run).beside("http/bare").counted(TIMES)
    };
    vec![
        case("http/bare", |effort| requests(router().with_state(()), effort)),
        case("http/ours-metrics", |effort| {
            requests(router().layer(Metrics::new().server()).with_state(()), effort)
        }),
        case("http/ours-metrics-outer", |effort| {
            requests(tower_telemetry::around(router(), &Metrics::new().server()), effort)
        }),
        case("http/ours-metrics-outer-unknown", |effort| {
            requests(Metrics::new().server().layer(router().with_state(())), effort)
        }),
        case("http/ours-full-1", |effort| {
            requests(router().layer(full()?.http_server()).with_state(()), effort)
        }),
        case("http/ours-full-1-outer", |effort| requests(full()?.around(router()), effort)),
    ]
}

/// All four windows, with a line for each exchange; the share of traces comes from the environment.
pub(super) fn full() -> Result<Telemetry> {
    let telemetry = Telemetry::builder("benchmarks")
        .without_admin()
        .with_log_filter(format!("info,{ACCESS_TARGET}=debug"))
        .with_log_writer(std::io::sink)
        .with_span_processor(BatchSpanProcessor::builder(Nowhere).build())
        .init()?;
    Ok(telemetry)
}

fn router() -> Router {
    Router::new()
        .route("/users/{id}", get(|Path(id): Path<u64>| async move { Json(User { id, name: "ada" }) }))
}

fn requests<S, B>(mut service: S, effort: Effort) -> Result<Readings>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut failed = 0;
    let readings = measure::each(effort.of(TIMES), |_| {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = Uri::from_static("/users/42");
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
        runtime.block_on(async {
            let _ = std::future::poll_fn(|context| service.poll_ready(context)).await;
            let Ok(response) = service.call(request).await;
            failed += usize::from(response.status() != 200);
            let _ = black_box(response.into_body().collect().await);
        });
    });
    if failed > 0 {
        return Err(format!("{failed} requests were not answered as they should be").into());
    }
    Ok(readings)
}

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
