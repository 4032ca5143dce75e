//! gRPC channels between the services of the shop.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use tonic::{
    Status,
    body::Body,
    codegen::{Body as HttpBody, http},
    transport::Endpoint,
};
use tower::{BoxError, Layer, Service, ServiceExt, util::BoxCloneSyncService};

use crate::watch::ClientLayer;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_millis(1_200);

/// Boxed, so that its type stays the same whatever layers it bears.
pub(crate) type Channel = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;

/// A channel to this address, with this layer or without one. It connects with the first call, and again after a loss.
/// Needs a tokio runtime.
///
/// # Errors
/// When the address makes no URI.
pub(crate) fn to(
    address: SocketAddr,
    layer: Option<ClientLayer>,
) -> Result<Channel, tonic::transport::Error> {
    let channel = Endpoint::from_shared(format!("http://{address}"))?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .connect_lazy();
    Ok(match layer {
        Some(layer) => boxed(layer.layer(channel)),
        None => boxed(channel),
    })
}

fn boxed<S, B>(service: S) -> Channel
where
    S: Service<http::Request<Body>, Response = http::Response<B>, Error = tonic::transport::Error>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let service = service
        .map_response(|response| response.map(Body::new))
        .map_err(|error| Status::from_error(error.into()));
    BoxCloneSyncService::new(service)
}
