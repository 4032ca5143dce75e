//! `POST /restock`: deliveries, passed on to the inventory one by one while its answers come.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use super::{Gateway, Problem};
use crate::{proto, visit::Visit};

/// One element of the body.
#[derive(Debug, Deserialize)]
pub(crate) struct Delivery {
    item: String,
    quantity: u32,
}

/// One element of the answer: how many are there now.
#[derive(Debug, Serialize)]
pub(crate) struct Level {
    item: String,
    left: u32,
}

pub(crate) async fn restock(
    State(gateway): State<Gateway>,
    visit: Visit,
    deliveries: Result<Json<Vec<Delivery>>, JsonRejection>,
) -> Result<Json<Vec<Level>>, Problem> {
    let Json(deliveries) = deliveries?;
    let deliveries =
        deliveries.into_iter().map(|Delivery { item, quantity }| proto::Delivery { item, quantity });
    let levels = async {
        let levels = gateway.inventory.restock(deliveries, visit).await?;
        levels.map_ok(|proto::Stock { item, left }| Level { item, left }).try_collect().await
    };
    Ok(Json(levels.await.map_err(Problem::of_inventory)?))
}
