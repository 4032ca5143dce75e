//! The orders, and the news of their progress.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use tokio::sync::broadcast;

/// The oldest orders beyond these are forgotten.
const KEPT: usize = 10_000;

/// News that a slow reader may fall behind before it misses some.
const NEWS: usize = 1_024;

pub(crate) type OrderId = u64;

/// An order as callers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) item: String,
    pub(crate) quantity: u32,
    pub(crate) stage: Stage,
    /// What the carrier asks, in cents; absent when it gave no quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shipping_cents: Option<u32>,
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    Placed,
    Packed,
    Shipped,
}

/// All orders kept.
#[derive(Debug)]
pub(crate) struct Orders {
    kept: Mutex<Kept>,
    news: broadcast::Sender<Order>,
}

impl Orders {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::default(), news: broadcast::Sender::new(NEWS) }
    }

    /// Keeps a new order and tells the news.
    pub(crate) fn place(&self, item: String, quantity: u32, shipping_cents: Option<u32>) -> Order {
        let mut kept = self.kept();
        kept.last += 1;
        let order = Order { id: kept.last, item, quantity, stage: Stage::Placed, shipping_cents };
        kept.by_id.insert(order.id, order.clone());
        while kept.by_id.len() > KEPT {
            kept.by_id.pop_first();
        }
        drop(kept);
        self.tell(&order);
        order
    }

    pub(crate) fn get(&self, id: OrderId) -> Option<Order> {
        self.kept().by_id.get(&id).cloned()
    }

    /// Notes the order's new stage and tells the news; nothing for an order that was forgotten.
    pub(crate) fn advance(&self, id: OrderId, stage: Stage) {
        let mut kept = self.kept();
        let Some(order) = kept.by_id.get_mut(&id) else { return };
        order.stage = stage;
        let order = order.clone();
        drop(kept);
        self.tell(&order);
    }

    /// Forgets an order that could not be taken on after all.
    pub(crate) fn forget(&self, id: OrderId) {
        self.kept().by_id.remove(&id);
    }

    /// Every order from now on, at each of its stages.
    pub(crate) fn follow(&self) -> broadcast::Receiver<Order> {
        self.news.subscribe()
    }

    fn tell(&self, order: &Order) {
        // Nobody listening is no error.
        let _ = self.news.send(order.clone());
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // No code panics while it holds the lock, so what a poisoned lock guards is whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Kept {
    last: OrderId,
    by_id: BTreeMap<OrderId, Order>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{KEPT, Orders, Stage};

    #[test]
    fn the_oldest_order_makes_room() {
        let orders = Orders::new();
        let first = orders.place("tea".to_owned(), 1, None);
        for _ in 1..KEPT {
            orders.place("tea".to_owned(), 1, None);
        }
        assert_eq!(orders.get(first.id), Some(first.clone()));
        let last = orders.place("tea".to_owned(), 1, None);
        assert_eq!(orders.get(first.id), None);
        assert_eq!(orders.get(last.id), Some(last));
    }

    #[test]
    fn every_stage_is_news() {
        let orders = Orders::new();
        let mut news = orders.follow();
        let order = orders.place("tea".to_owned(), 1, Some(499));
        orders.advance(order.id, Stage::Packed);
        orders.advance(order.id, Stage::Shipped);
        let stages = [(); 3].map(|()| news.try_recv().unwrap().stage);
        assert_eq!(stages, [Stage::Placed, Stage::Packed, Stage::Shipped]);
        assert!(news.try_recv().is_err());
        assert_eq!(orders.get(order.id).unwrap().stage, Stage::Shipped);
    }

    #[test]
    fn a_forgotten_order_advances_silently() {
        let orders = Orders::new();
        let order = orders.place("tea".to_owned(), 1, None);
        orders.forget(order.id);
        let mut news = orders.follow();
        orders.advance(order.id, Stage::Packed);
        assert!(news.try_recv().is_err());
        assert_eq!(orders.get(order.id), None);
    }
}
