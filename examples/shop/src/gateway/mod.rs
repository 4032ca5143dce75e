//! The gateway: HTTP for the callers, gRPC to the inventory and to shipping, HTTP to the carrier.

mod dispatch;
mod events;
mod inventory;
mod live;
mod orders;
mod paperwork;
mod problem;
mod quotes;
mod restock;

use std::{io, sync::Arc, time::Duration};

use axum::{
    BoxError, Router,
    error_handling::HandleErrorLayer,
    routing::{get, post},
};
use http::StatusCode;
use tokio::net::TcpListener;
use tower::{ServiceBuilder, timeout::TimeoutLayer};

use self::problem::Problem;
pub(crate) use self::{dispatch::Dispatch, inventory::Inventory, quotes::Quotes};
use crate::{stop::Stop, store::Orders, watch::ServerLayer};

/// Time for a handler to make its response head. Streams and sockets may live longer.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// What the handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    pub(crate) orders: Arc<Orders>,
    pub(crate) jobs: Dispatch,
    pub(crate) inventory: Inventory,
    pub(crate) quotes: Quotes,
    /// Ends the event streams and the sockets.
    pub(crate) stop: Stop,
}

/// Serves until the word to stop, then finishes what has begun.
pub(crate) async fn serve(
    listener: TcpListener,
    gateway: Gateway,
    layer: ServerLayer,
    stop: Stop,
) -> io::Result<()> {
    // Around the whole router: what the router answers by itself is seen, too.
    let service = tower_telemetry::around(service(gateway), &layer);
    axum::serve(listener, service).with_graceful_shutdown(stop.requested()).await
}

fn service(gateway: Gateway) -> Router {
    let time_limit =
        ServiceBuilder::new().layer(HandleErrorLayer::new(overdue)).layer(TimeoutLayer::new(TIME_LIMIT));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/orders", post(orders::place))
        .route("/orders/live", get(live::watch))
        .route("/orders/{id}", get(orders::read))
        .route("/orders/{id}/events", get(events::follow))
        .route("/restock", post(restock::restock))
        .with_state(gateway)
        .layer(time_limit)
}

async fn overdue(_: BoxError) -> Problem {
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "the order took too long")
}
