//! One connection of the admin listener, with its limits.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::time::timeout;

use crate::admin::page;
use crate::admin::site::Site;

/// How long to wait before accepting again when the system has nothing to give.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);

/// A client has this long to send its request head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection takes requests no longer than this: a scraper that wants more makes a new one.
const LIFETIME: Duration = Duration::from_secs(60);

/// Then an answer that is on its way has this long to arrive. Who reads slower keeps others out.
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// The request head fits in this many bytes, and has no more headers than that.
const HEAD_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;

pub(crate) async fn serve(stream: impl Read + Write + Unpin, site: Site) {
    let answer = service_fn(move |request| {
        let answer = page::answer(&request, &site);
        async move { Ok::<_, Infallible>(answer) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_MAX)
            .max_headers(HEADERS_MAX)
            .serve_connection(stream, answer)
    );
    // A client that breaks off, or takes too long, has only itself to tell.
    if timeout(LIFETIME, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(LAST_ANSWER, connection).await;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod tests {
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::Instant;
    use tower_telemetry_metrics::{Descriptor, Sample};

    use super::*;

    /// A connection whose far side takes no more than so many bytes at once.
    fn connect(window: usize) -> DuplexStream {
        let (client, server) = duplex(window);
        let site = page::tests::site();
        // A page that is much larger than the window.
        site.store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            for number in 0..10_000_u64 {
                let label = number.to_string();
                out(Sample::gauge(&Descriptor::new("level", "", ""), &[("tank", &label)], number));
            }
        });
        tokio::spawn(serve(TokioIo::new(server), site));
        client
    }

    async fn answer_to(head: &str) -> String {
        let mut client = connect(1 << 20);
        let mut answer = String::new();
        // A server that has had enough may close before all is written.
        let _ = client.write_all(head.as_bytes()).await;
        let _ = client.read_to_string(&mut answer).await;
        answer.lines().next().unwrap_or_default().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_end_is_not_waited_for() {
        let start = Instant::now();
        let mut client = connect(1 << 20);
        client.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        assert!(start.elapsed() <= 2 * HEAD_TIMEOUT, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_let_go() {
        let start = Instant::now();
        let mut client = connect(64);
        client.write_all(b"GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        // Written to until the other side is gone: the end of the connection, and not of the test's patience.
        while client.write_all(b"GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n").await.is_ok() {}
        assert!(start.elapsed() >= LIFETIME, "{:?}", start.elapsed());
        assert!(start.elapsed() <= 2 * (LIFETIME + LAST_ANSWER), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_without_measure_is_refused() {
        let long = format!("GET /healthz HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(HEAD_MAX));
        assert_eq!(answer_to(&long).await, "HTTP/1.1 431 Request Header Fields Too Large");
        let many = format!("GET /healthz HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(HEADERS_MAX));
        assert_eq!(answer_to(&many).await, "HTTP/1.1 431 Request Header Fields Too Large");
        let fair = "GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        assert_eq!(answer_to(fair).await, "HTTP/1.1 200 OK");
    }
}
