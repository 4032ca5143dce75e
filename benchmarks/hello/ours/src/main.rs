//! `hello-bare` with the five lines of the README.

use axum::{Router, routing::get};
use tower_telemetry::Telemetry;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let telemetry = Telemetry::init("orders")?;
    let app =
        Router::new().route("/orders/{id}", get(|| async { "an order" })).layer(telemetry.axum_server());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    telemetry.shutdown().await;
    Ok(())
}
