//! How each gRPC service of the shop is served.

use std::convert::Infallible;

use http::{Request, Response};
use tokio::net::TcpListener;
use tonic::{
    body::Body,
    server::NamedService,
    transport::{Error, Server, server::TcpIncoming},
};
use tower::Service;

use crate::{stop::Stop, watch::ServerLayer};

/// Serves until the word to stop, then finishes what has begun.
pub(crate) async fn serve<S>(
    listener: TcpListener,
    service: S,
    layer: ServerLayer,
    stop: Stop,
) -> Result<(), Error>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: NamedService + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    Server::builder()
        .layer(layer)
        .add_service(service)
        .serve_with_incoming_shutdown(incoming, stop.requested())
        .await
}
