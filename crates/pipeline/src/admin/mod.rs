//! The admin listener: `/metrics` for Prometheus, `/healthz` and `/readyz`, on a port of its own.
//!
//! A scraper gets the format that its `Accept` asks for (text, OpenMetrics with exemplars, protobuf with native
//! histograms), packed with gzip if it takes that.
//!
//! It is no part of the service: its requests are in nobody's metrics, and it answers from the
//! telemetry thread, so it tells how the service is while the service's own runtime is stuck.
//!
//! What others can reach wants a token, or an explicit word that it is open. Both health pages are open to all.

mod buffer;
mod connection;
mod encoding;
mod headers;
mod page;
mod readiness;
mod site;
mod token;

use std::net::TcpListener;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use tokio::sync::Semaphore;

pub(crate) use self::buffer::Buffers;
pub use self::readiness::Readiness;
pub(crate) use self::readiness::Ready;
pub(crate) use self::site::{Exposure, Parts, Site, guard, token};
pub(crate) use self::token::Token;

/// At most this many connections at a time; a further one waits in the system's queue.
const CONNECTIONS_MAX: usize = 32;

/// Serves until the runtime ends.
pub(crate) async fn serve(listener: TcpListener, site: Site) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let site = site.clone();
                tokio::spawn(async move {
                    connection::serve(TokioIo::new(stream), site).await;
                    drop(place);
                });
            }
            // Out of file descriptors, or a connection that is gone already: both pass.
            Err(_) => tokio::time::sleep(connection::PAUSE).await,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    /// A connection that has been answered, and stays.
    async fn answered(mut stream: TcpStream) -> TcpStream {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        stream
    }

    async fn ask(addr: std::net::SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        stream
    }

    #[tokio::test]
    async fn a_connection_too_many_waits_until_another_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, page::tests::site()));
        let mut streams = Vec::new();
        for _ in 0..CONNECTIONS_MAX {
            streams.push(answered(ask(addr).await).await);
        }
        let late = ask(addr).await;
        let readable = tokio::time::timeout(Duration::from_millis(20), late.readable()).await;
        assert!(readable.is_err(), "nobody answers it");
        drop(streams.pop());
        answered(late).await;
    }
}
