//! The service of a newcomer: five lines of telemetry, and nothing configured.
//!
//! It serves until its standard input ends. `STOCK_URL` names a service that `/orders/{id}/stock` asks.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::io::AsyncReadExt;
use tower::{Layer, ServiceExt};
use tower_telemetry::Telemetry;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let telemetry = Telemetry::init("orders")?;
    let app = Router::new()
        .route("/orders/{id}", get(order))
        .route("/orders/{id}/stock", get(stock))
        .with_state(telemetry.clone())
        .layer(telemetry.axum_server());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    tracing::info!(addr = %listener.local_addr()?, "listening");
    axum::serve(listener, app).with_graceful_shutdown(end_of_input()).await?;
    telemetry.shutdown().await;
    Ok(())
}

async fn order() -> &'static str {
    tracing::info!("looked up");
    "an order"
}

async fn stock(State(telemetry): State<Telemetry>) -> Result<&'static str, StatusCode> {
    let url = std::env::var("STOCK_URL").map_err(|_| StatusCode::NOT_IMPLEMENTED)?;
    let client = telemetry.http_client().layer(Client::builder(TokioExecutor::new()).build_http());
    let request = http::Request::get(url).body(Body::empty()).map_err(|_| StatusCode::NOT_IMPLEMENTED)?;
    let response = client.oneshot(request).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    if response.status().is_success() { Ok("in stock") } else { Err(StatusCode::BAD_GATEWAY) }
}

/// An error ends it as well.
async fn end_of_input() {
    let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
}
