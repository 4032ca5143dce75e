//! `GET /orders/live`: every order at each stage, through a WebSocket.

use axum::{
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tower_telemetry::{Continuation, Session, current};

use super::Gateway;
use crate::{stop::Stop, store::Order, visit::Visit};

pub(crate) async fn watch(
    State(gateway): State<Gateway>,
    visit: Visit,
    upgrade: WebSocketUpgrade,
) -> Response {
    let news = gateway.orders.follow();
    // The upgrade runs in a task of its own: there the conversation still belongs to this exchange, and its length is told.
    let (exchange, session) = (Continuation::capture(), current().as_ref().map(Session::of));
    upgrade.on_upgrade(move |socket| {
        exchange.carry(async move {
            let told = tell(socket, news, gateway.stop).await;
            tracing::info!(told, visit = visit.number(), "conversation over");
            drop(session);
        })
    })
}

/// Tells the news until the caller leaves or the shop closes; how many.
async fn tell(mut socket: WebSocket, mut news: Receiver<Order>, stop: Stop) -> u64 {
    let mut told = 0;
    let stop = stop.requested();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return told,
                Some(Ok(_)) => {}
            },
            order = news.recv() => {
                let order = match order {
                    Ok(order) => order,
                    // A slow reader misses some.
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => break,
                };
                let Ok(text) = serde_json::to_string(&order) else { break };
                if socket.send(Message::text(text)).await.is_err() {
                    return told;
                }
                told += 1;
            }
        }
    }
    // The caller may be gone already.
    let _ = socket.send(Message::Close(None)).await;
    told
}
