//! One request to an axum router, in the process, without sockets.

use std::{convert::Infallible, hint::black_box};

use axum::{Json, Router, body::Body, extract::Path, routing::get};
use http::{HeaderValue, Request, Response, Uri, header::HOST};
use http_body_util::BodyExt;
use serde::Serialize;
use tower_layer::{Identity, Layer};
use tower_service::Service;
use tower_telemetry::{core::SignalExt, metrics::Metrics};

use super::full::{full, trace};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    floor, measure, serve,
};

/// Requests of a thorough run.
const TIMES: usize = 100_000;

/// The context of a caller that samples.
const TRACEPARENT: HeaderValue =
    HeaderValue::from_static("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

/// What the handler answers.
#[derive(Debug, Serialize)]
struct User {
    id: u64,
    name: &'static str,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller {
    /// Sends no context.
    Stranger,
    /// Sends the context of a sampled trace.
    Traced,
}

use Caller::{Stranger, Traced};

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("http/bare", |effort| requests(router().with_state(()), Stranger, effort)),
        case("http/bare-traceparent", |effort| requests(router().with_state(()), Traced, effort)),
        case("http/noop", |effort| {
            requests(router().layer(Identity::new()).with_state(()), Stranger, effort)
        }),
        case("http/floor-head", |effort| {
            requests(router().layer(floor::Head::default()).with_state(()), Stranger, effort)
        }),
        case("http/floor-full-1", |effort| {
            requests(router().layer(floor::Full::default()).with_state(()), Stranger, effort)
        }),
        case("http/floor-full-1-outer", |effort| {
            requests(floor::Full::default().layer(router().with_state(())), Stranger, effort)
        }),
        case("http/ours-metrics", |effort| {
            requests(router().layer(Metrics::new().server().for_axum()).with_state(()), Stranger, effort)
        }),
        case("http/ours-metrics-outer", |effort| {
            requests(tower_telemetry::around(router(), &Metrics::new().server()), Stranger, effort)
        }),
        case("http/ours-metrics-outer-unknown", |effort| {
            requests(Metrics::new().server().layer(router().with_state(())), Stranger, effort)
        }),
        case("http/ours-trace-0", |effort| traced(Stranger, effort)).with_share(0.0),
        case("http/ours-trace-1", |effort| traced(Stranger, effort)),
        case("http/ours-trace-100", |effort| traced(Stranger, effort)).with_share(1.0),
        case("http/ours-trace-tp", |effort| traced(Traced, effort)),
        case("http/ours-metrics-trace-1", |effort| {
            let both = (trace()?, Metrics::new()).server().for_axum();
            requests(router().layer(both).with_state(()), Stranger, effort)
        }),
        case("http/ours-full-0", ours_full).with_share(0.0),
        case("http/ours-full-1", ours_full),
        case("http/ours-full-100", ours_full).with_share(1.0),
        case("http/ours-full-1-outer", |effort| requests(full()?.around(router()), Stranger, effort)),
    ]
}

/// A case of this group: beside the bare router.
pub(crate) fn case(name: &'static str, run: impl Fn(Effort) -> Result<Readings> + 'static) -> Case {
    Case::new(name, run).beside("http/bare")
}

fn traced(caller: Caller, effort: Effort) -> Result<Readings> {
    requests(router().layer(trace()?.server().for_axum()).with_state(()), caller, effort)
}

fn ours_full(effort: Effort) -> Result<Readings> {
    requests(router().layer(full()?.axum_server()).with_state(()), Stranger, effort)
}

/// One route, whose handler answers a small object.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/users/{id}", get(|Path(id): Path<u64>| async move { Json(User { id, name: "ada" }) }))
}

/// What a request costs from here to the end of its answer.
///
/// # Errors
///
/// An answer was not the handler's.
pub(crate) fn requests<S, B>(mut service: S, caller: Caller, effort: Effort) -> Result<Readings>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + 'static,
    B: http_body::Body + 'static,
    B::Error: Into<axum::BoxError>,
{
    if effort == Effort::Serve {
        return serve::until_told(service);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut failed = 0;
    let readings = measure::each(effort.of(TIMES), |_| {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = Uri::from_static("/users/42");
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
        if let Traced = caller {
            request.headers_mut().insert("traceparent", TRACEPARENT);
        }
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
