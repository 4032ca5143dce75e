//! The same behind a socket.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::Receiver;

impl Receiver {
    /// Listens on a free port of this machine, on a thread of its own that lives as long as the process.
    pub(crate) fn listen(&self) -> SocketAddr {
        let receiver = self.clone();
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(receiver.serve(listener));
        });
        addr
    }

    async fn serve(self, listener: std::net::TcpListener) {
        let listener = TcpListener::from_std(listener).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let receiver = self.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let receiver = receiver.clone();
                async move {
                    let (head, body) = request.into_parts();
                    let body = body.collect().await?.to_bytes();
                    let answer = receiver.answer(&head.method, head.uri.path(), &head.headers, &body);
                    Ok::<Response<Full<Bytes>>, hyper::Error>(answer.map(|()| Full::default()))
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    }
}
