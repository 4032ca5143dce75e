//! One connection of the admin listener, with its limits.

use std::convert::Infallible;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower_telemetry_metrics::Store;

use crate::admin::page;

/// How long to wait before accepting again when the system has nothing to give.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);

/// A client has this long to send its request head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection lives no longer than this: a scraper that wants more makes a new one.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(600);

/// The request head fits in this many bytes.
const HEAD_MAX: usize = 16 * 1024;

pub(crate) async fn serve(stream: TcpStream, store: Store) {
    let answer = service_fn(move |request| {
        let answer = page::answer(&request, &store);
        async move { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    // A client that breaks off, or takes too long, has only itself to tell.
    let _ = tokio::time::timeout(CONNECTION_TIMEOUT, connection).await;
}
