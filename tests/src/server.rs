//! Servers on real sockets.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;

use axum::BoxError;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tonic::transport::server::TcpIncoming;
use tower::Service;

/// A server on a free port of 127.0.0.1, which stops when it is dropped, with all its connections.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Runs what `serve` makes of the listener.
    pub async fn run<F>(serve: impl FnOnce(TcpListener) -> F) -> Self
    where
        F: Future + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("it listens");
        let running = serve(listener);
        Self {
            addr,
            task: tokio::spawn(async move {
                running.await;
            }),
        }
    }

    /// Serves HTTP/1 and HTTP/2 with hyper-util, a clone of `service` for each connection.
    pub async fn hyper<S, B>(service: S) -> Self
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::run(async move |listener: TcpListener| -> Infallible {
            // Dropped with this task, and so are the connections.
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let service = TowerToHyperService::new(service.clone());
                connections.spawn(async move {
                    let builder = auto::Builder::new(TokioExecutor::new());
                    // A client that breaks off is a matter of the test.
                    let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
                });
            }
        })
        .await
    }

    /// Serves with `axum::serve`.
    pub async fn axum(app: axum::Router) -> Self {
        Self::run(|listener| axum::serve(listener, app).into_future()).await
    }

    /// Serves with tonic.
    pub async fn tonic<F>(serve: impl FnOnce(TcpIncoming) -> F) -> Self
    where
        F: Future + Send + 'static,
    {
        Self::run(|listener| serve(TcpIncoming::from(listener))).await
    }

    /// An address of this machine at which nobody listens.
    ///
    /// # Panics
    /// If there is no free port.
    #[must_use]
    pub fn nobody() -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("it listens")
    }

    /// The URL of this path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
