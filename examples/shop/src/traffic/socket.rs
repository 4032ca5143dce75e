//! WebSocket sessions with the gateway.

use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::{client_async, tungstenite::client::IntoClientRequest};

use super::{caller::Caller, tally::Seen, wire};

/// Watches the live orders until it has seen enough, then says goodbye.
pub(super) async fn live(caller: &Caller, enough: usize) -> Seen {
    let gateway = caller.targets.gateway;
    let Ok(mut request) = format!("ws://{gateway}/orders/live").into_client_request() else {
        return Seen::NoAnswer;
    };
    let visit = caller.visit();
    visit.send(request.headers_mut());
    if let Some(callers) = caller.clients.callers {
        callers.write(request.headers_mut());
    }
    wire::sent(request.headers());
    let Ok(stream) = TcpStream::connect(gateway).await else { return Seen::NoAnswer };
    let Ok((mut socket, answer)) = client_async(request, stream).await else { return Seen::NoAnswer };
    wire::answered(visit, answer.headers());
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
