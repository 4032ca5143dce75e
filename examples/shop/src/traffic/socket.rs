//! WebSocket sessions with the gateway.

use std::net::SocketAddr;

use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;

use super::tally::Seen;

/// Watches the live orders until it has seen enough, then says goodbye.
pub(super) async fn live(gateway: SocketAddr, enough: usize) -> Seen {
    let Ok(stream) = TcpStream::connect(gateway).await else { return Seen::NoAnswer };
    let Ok((mut socket, _)) = client_async(format!("ws://{gateway}/orders/live"), stream).await else {
        return Seen::NoAnswer;
    };
    for _ in 0..enough {
        match socket.next().await {
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Seen::Cut,
        }
    }
    match socket.close(None).await {
        Ok(()) => Seen::Socket,
        Err(_) => Seen::Cut,
    }
}
