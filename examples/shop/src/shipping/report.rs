//! Who is told how far an order has come.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::store::{OrderId, Orders, Stage};

/// The orders of this process, or whoever follows from another.
#[derive(Debug, Clone)]
pub(crate) enum Report {
    To(Arc<Orders>),
    News(broadcast::Sender<(OrderId, Stage)>),
}

impl Report {
    pub(super) fn tell(&self, order: OrderId, stage: Stage) {
        match self {
            Self::To(orders) => orders.advance(order, stage),
            // Nobody following is no error.
            Self::News(news) => _ = news.send((order, stage)),
        }
    }
}
