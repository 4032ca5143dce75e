//! What an order leads to beside its answer: three ways to go on elsewhere, each within the exchange.

use std::time::Duration;

use tokio::time::sleep;
use tracing::Instrument;

use crate::{
    store::{Order, OrderId},
    visit::Visit,
};

/// Begins it all, and waits for nothing.
pub(super) fn begin(order: &Order, visit: Visit) {
    tower_telemetry::spawn(confirm(order.id, visit));
    let (id, text) = (order.id, format!("{order:?}"));
    tower_telemetry::spawn_blocking(move || print(id, &text, visit));
    // The way of code that knows nothing of exchanges: the span of a task takes the exchange along to its lines.
    tokio::spawn(count_stamps(order.id, visit).instrument(tracing::info_span!("stamps")));
}

/// In a task, after the answer has left.
async fn confirm(order: OrderId, visit: Visit) {
    sleep(Duration::from_millis(fastrand::u64(3..30))).await;
    tracing::info!(order, visit = visit.number(), "order confirmed");
}

/// On a thread for work that blocks.
fn print(order: OrderId, text: &str, visit: Visit) {
    let width = text.lines().map(str::len).max().unwrap_or_default();
    tracing::info!(order, width, visit = visit.number(), "receipt printed");
}

/// In a task that has nothing but a span.
async fn count_stamps(order: OrderId, visit: Visit) {
    tokio::task::yield_now().await;
    tracing::info!(order, visit = visit.number(), "stamps counted");
}
