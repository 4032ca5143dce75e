//! A service that posts what it is told to post, and passes trace context on.
//!
//! Nothing in its handler speaks of tracing: the layer on the server reads the context of the caller, and the one on the
//! client writes it into each post.

mod errand;

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use tower::{Layer, ServiceExt};
use tower_telemetry::{Observe, Telemetry, Windows};

pub use errand::Errand;

/// How long a post may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// hyper-util's client with the layer of telemetry around it.
type Poster = Observe<Client<HttpConnector, Full<Bytes>>, Windows>;

/// The relay: `POST /test` takes a list of [`Errand`]s as JSON, runs them one after the other, and answers 200.
///
/// What is no such list is answered 400, and an errand that could not be delivered 502.
pub fn app(telemetry: &Telemetry) -> Router {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let poster: Poster = telemetry.http_client().layer(client);
    Router::new().route("/test", post(run)).with_state(poster).layer(telemetry.http_server())
}

async fn run(State(poster): State<Poster>, body: Bytes) -> (StatusCode, &'static str) {
    let Ok(errands) = serde_json::from_slice::<Vec<Errand>>(&body) else {
        return (StatusCode::BAD_REQUEST, "this is no list of errands\n");
    };
    for errand in errands {
        let delivered = timeout(PATIENCE, deliver(poster.clone(), errand)).await;
        if let Err(error) = delivered.map_err(BoxError::from).flatten() {
            tracing::warn!(error, "an errand was not delivered");
            return (StatusCode::BAD_GATEWAY, "an errand was not delivered\n");
        }
    }
    (StatusCode::OK, "")
}

/// Posts, and reads what comes back to its end.
async fn deliver(poster: Poster, errand: Errand) -> Result<(), BoxError> {
    let response = poster.oneshot(errand.into_request()?).await?;
    tracing::info!(status = response.status().as_u16(), "delivered");
    response.into_body().collect().await?;
    Ok(())
}
