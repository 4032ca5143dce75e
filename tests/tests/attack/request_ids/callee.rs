//! Callees that answer what nobody asked for.

use axum::Router;
use axum::routing::get;
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt};
use tower_telemetry_tests::{Caller, Rig, Server, answer, request};

use super::{UNSPEAKABLE, assert_one_id, assert_unharmed, unfit};

/// A callee over HTTP/1 that answers everything with these bytes in each header of the contract.
async fn callee(said: Vec<u8>) -> Server {
    Server::run(async move |listener: TcpListener| {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4_096]).await;
            let mut response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n".to_vec();
            for name in [
                "x-request-id",
                "x-trace-id",
                "x-cache-status",
                "x-response-time-ms",
                "server-timing",
                "traceresponse",
            ] {
                response.extend([name.as_bytes(), b": ", &said, b"\r\n"].concat());
            }
            response.extend(b"\r\n");
            let _ = socket.write_all(&response).await;
        }
    })
    .await
}

#[tokio::test]
async fn nothing_of_a_callees_headers_comes_through() {
    let unspeakable = UNSPEAKABLE.iter().map(|said| said.to_vec());
    for said in unfit().into_iter().chain(unspeakable) {
        let rig = Rig::new();
        let behind = callee(said).await;
        let (url, client) = (behind.url("/stock"), rig.telemetry.http_client().layer(Caller::http1()));
        let call = || async move {
            // What no header can hold is an error of the call.
            if let Ok(response) = client.oneshot(request(Method::GET, &url, &[])).await {
                answer(response).await;
            }
            tracing::info!("called");
        };
        let app = Router::new().route("/orders", get(call)).layer(rig.telemetry.http_server());
        let front = Server::axum(app).await;
        let answer = Caller::of(&front).get_with("/orders", &[("x-request-id", "order-1")]).await;
        rig.until_ended("server", 1).await;
        assert_one_id(&rig, &[answer.header("x-request-id").unwrap()]);
        assert_eq!(rig.line_saying("called").ids()[2], Some("order-1"));
        assert_eq!(rig.line_of("client").ids()[2], Some("order-1"));
        assert_eq!(answer.header("x-cache-status"), None);
        for value in answer.headers.values() {
            assert!(!String::from_utf8_lossy(value.as_bytes()).contains("evil"), "{value:?}");
        }
        assert_unharmed(&rig);
    }
}
