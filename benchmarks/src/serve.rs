//! A case as a server on a socket, for callers from outside.

use std::{convert::Infallible, io, net::Ipv4Addr, rc::Rc, thread};

use axum::body::Body;
use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::LocalSet};
use tower_service::Service;

use crate::{Result, case::Readings};

/// Serves on one thread and a free port, says which, and ends with its input.
///
/// # Errors
///
/// There is no port.
pub(crate) fn until_told<S, B>(service: S) -> Result<Readings>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + 'static,
    B: http_body::Body + 'static,
    B::Error: Into<axum::BoxError>,
{
    thread::spawn(|| {
        // Whoever started it has gone, or has had enough.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?);
        let service = Rc::new(service);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let service = Rc::clone(&service);
            tokio::task::spawn_local(async move {
                let answer = service_fn(move |request: Request<Incoming>| {
                    S::clone(&service).call(request.map(Body::new))
                });
                // What a caller does to its connection is its matter.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    })
}
