//! `POST /orders` and `GET /orders/{id}`.

use std::future;

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
    response::IntoResponse,
};
use http::{StatusCode, header::LOCATION};
use serde::Deserialize;

use super::{Gateway, Problem, paperwork};
use crate::{catalogue::Fault, intended_panic, shipping::Job, store::Order, visit::Visit};

/// The body of `POST /orders`.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    item: String,
    quantity: u32,
}

pub(crate) async fn place(
    State(gateway): State<Gateway>,
    visit: Visit,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Json(Wish { item, quantity }) = wish?;
    if quantity == 0 {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "the quantity must be at least 1"));
    }
    let untaken = Untaken(visit);
    gateway.inventory.reserve(&item, quantity, visit).await.map_err(Problem::of_inventory)?;
    misbehave(&item).await;
    let quote = gateway.quotes.ask(&item, visit).await;
    let order = gateway.orders.place(item, quantity, quote.map(|quote| quote.cents));
    if let Err(status) = gateway.jobs.submit(Job { order: order.id, visit }).await {
        gateway.orders.forget(order.id);
        return Err(Problem::of_shipping(status));
    }
    // Within an exchange, every line carries its ids.
    tracing::info!(order = order.id, item = order.item, visit = visit.number(), "order taken");
    paperwork::begin(&order, visit);
    untaken.forget();
    Ok((StatusCode::CREATED, [(LOCATION, format!("/orders/{}", order.id))], Json(order)))
}

/// An order that is not taken until somebody says so: its handler may fail, panic, or go with a caller who hangs up.
#[derive(Debug)]
struct Untaken(Visit);

impl Untaken {
    fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Untaken {
    fn drop(&mut self) {
        // A handler that is dropped still belongs to its exchange.
        tracing::info!(visit = self.0.number(), "order not taken");
    }
}

pub(crate) async fn read(
    State(gateway): State<Gateway>,
    Path(id): Path<String>,
) -> Result<Json<Order>, Problem> {
    order(&gateway, &id).map(Json)
}

/// The order that the path names. What is no number names no order.
pub(super) fn order(gateway: &Gateway, id: &str) -> Result<Order, Problem> {
    id.parse().ok().and_then(|id| gateway.orders.get(id)).ok_or_else(Problem::unknown_order)
}

/// Does what the item asks of the gateway; nothing for ordinary goods.
async fn misbehave(item: &str) {
    match Fault::of(item) {
        Some(Fault::Panic) => intended_panic::raise(),
        Some(Fault::Stuck) => future::pending().await,
        Some(Fault::Slow | Fault::Broken | Fault::Late | Fault::Cut) | None => {}
    }
}
