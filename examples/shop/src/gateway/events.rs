//! `GET /orders/{id}/events`: the order's progress and the item's stock, as server-sent events.

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    BoxError,
    extract::{Path, State},
    response::sse::{Event, Sse},
};
use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use serde::Serialize;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};

use super::{Gateway, Problem, orders::order};
use crate::{
    catalogue::Fault,
    store::{Order, OrderId, Orders, Stage},
    visit::Visit,
};

/// Stock levels told to one follower.
const UPDATES: u32 = 3;

/// How long a follower is told of the stock; progress is told to its end.
const STOCK_FOR: Duration = Duration::from_secs(2);

const BEFORE_THE_CUT: Duration = Duration::from_millis(50);

type Events = BoxStream<'static, Result<Event, BoxError>>;

pub(crate) async fn follow(
    State(gateway): State<Gateway>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Sse<Events>, Problem> {
    // Subscribed before the order is read: a stage that comes between is told twice rather than never.
    let news = gateway.orders.follow();
    let order = order(&gateway, &id)?;
    let stock = gateway.inventory.watch(&order.item, UPDATES, visit).await.map_err(Problem::of_inventory)?;
    let stock = stock
        .map_err(BoxError::from)
        .and_then(async |stock| {
            event("stock", &serde_json::json!({ "item": stock.item, "left": stock.left }))
        })
        .take_until(sleep(STOCK_FOR));
    let fault = Fault::of(&order.item);
    let progress = progress(order, news, gateway.orders).map(move |order| {
        tracing::info!(order = order.id, stage = ?order.stage, visit = visit.number(), "progress told");
        event("order", &order)
    });
    let events = stream::select(progress, stock).take_until(gateway.stop.requested());
    Ok(Sse::new(match fault {
        Some(Fault::Cut) => events.take(2).chain(stream::once(cut())).boxed(),
        _ => events.boxed(),
    }))
}

/// The order at its present stage and at each later one, until it is shipped.
fn progress(order: Order, news: Receiver<Order>, orders: Arc<Orders>) -> impl Stream<Item = Order> {
    let id = order.id;
    let later = stream::unfold((order.stage, news), move |(stage, mut news)| {
        let orders = Arc::clone(&orders);
        async move {
            if stage == Stage::Shipped {
                return None;
            }
            let order = next(&mut news, &orders, id).await?;
            Some((order.clone(), (order.stage, news)))
        }
    });
    stream::iter([order]).chain(later)
}

/// The next news of this order; `None` when there can be no more.
async fn next(news: &mut Receiver<Order>, orders: &Orders, id: OrderId) -> Option<Order> {
    loop {
        match news.recv().await {
            Ok(order) if order.id == id => return Some(order),
            Ok(_) => {}
            // This order's news may be among what was missed: look it up.
            Err(RecvError::Lagged(_)) => return orders.get(id),
            Err(RecvError::Closed) => return None,
        }
    }
}

fn event(name: &str, data: &impl Serialize) -> Result<Event, BoxError> {
    Ok(Event::default().event(name).json_data(data)?)
}

async fn cut() -> Result<Event, BoxError> {
    // By now the head and the events have left; an error at once would overtake them.
    sleep(BEFORE_THE_CUT).await;
    Err(Cut.into())
}

/// The line was cut, as the order asked.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the line was cut")
    }
}

impl std::error::Error for Cut {}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use futures_util::StreamExt;
    use tokio::time::timeout;

    use super::progress;
    use crate::store::{Orders, Stage};

    #[tokio::test]
    async fn progress_is_told_until_the_order_is_shipped() {
        let orders = Arc::new(Orders::new());
        let news = orders.follow();
        let order = orders.place("tea".to_owned(), 1, None);
        let other = orders.place("mug".to_owned(), 1, None);
        for id in [other.id, order.id] {
            orders.advance(id, Stage::Packed);
            orders.advance(id, Stage::Shipped);
        }
        let told: Vec<_> =
            progress(order, news, orders).map(|order| (order.item, order.stage)).collect().await;
        let stages = [Stage::Placed, Stage::Placed, Stage::Packed, Stage::Shipped];
        assert_eq!(told, stages.map(|stage| ("tea".to_owned(), stage)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_follower_that_fell_behind_still_sees_the_end() {
        let orders = Arc::new(Orders::new());
        let news = orders.follow();
        let order = orders.place("tea".to_owned(), 1, None);
        orders.advance(order.id, Stage::Shipped);
        for _ in 0..5_000 {
            orders.place("mug".to_owned(), 1, None);
        }
        let told = progress(order, news, orders).map(|order| order.stage).collect::<Vec<_>>();
        // A follower that waits for news that were missed waits for ever.
        let told = timeout(Duration::from_secs(1), told).await;
        assert_eq!(told, Ok(vec![Stage::Placed, Stage::Shipped]));
    }
}
