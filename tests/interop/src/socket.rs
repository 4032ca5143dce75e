//! What goes on when a connection has left HTTP.

use axum::{
    body::Body,
    extract::{
        Request,
        ws::{Message, WebSocketUpgrade},
    },
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The largest message of the Autobahn cases.
const LARGEST: usize = 16 << 20;

/// A WebSocket that sends back what it gets.
pub(crate) async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_message_size(LARGEST).max_frame_size(LARGEST).on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            // Pings and closes are answered below.
            if matches!(message, Message::Text(_) | Message::Binary(_)) && socket.send(message).await.is_err()
            {
                return;
            }
        }
    })
}

/// Another protocol, which sends back what it gets until its caller has said all.
pub(crate) async fn switch(mut request: Request) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let mut connection = TokioIo::new(upgraded);
        let mut said = [0; 256];
        while let Ok(length @ 1..) = connection.read(&mut said).await {
            if connection.write_all(said.get(..length).unwrap_or_default()).await.is_err() {
                return;
            }
        }
        // It may be gone already.
        let _ = connection.shutdown().await;
    });
    let fields = [(header::CONNECTION, "upgrade"), (header::UPGRADE, "echo")];
    (StatusCode::SWITCHING_PROTOCOLS, fields, Body::empty()).into_response()
}
