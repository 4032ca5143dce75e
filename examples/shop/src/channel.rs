//! gRPC channels between the services of the shop.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use tonic::{
    Status,
    body::Body,
    codegen::{Body as HttpBody, http},
    transport::{self, Endpoint},
};
use tower::{BoxError, Layer, Service, ServiceExt, util::BoxCloneSyncService};

use crate::watch::ClientLayer;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_millis(1_200);

/// Boxed, so that its type stays the same whatever layers it bears.
pub(crate) type Channel = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;

/// A channel to this address, with this layer.
///
/// # Errors
/// When the address makes no URI.
pub(crate) fn to(address: SocketAddr, layer: ClientLayer) -> Result<Channel, tonic::transport::Error> {
    Ok(boxed(layer.layer(bare(address)?)))
}

/// A channel to this address without a layer. It connects with the first call, and again after a loss. Needs a tokio
/// runtime.
///
/// # Errors
/// When the address makes no URI.
pub(crate) fn bare(address: SocketAddr) -> Result<transport::Channel, tonic::transport::Error> {
    let endpoint =
        Endpoint::from_shared(format!("http://{address}"))?.connect_timeout(CONNECT).tcp_nodelay(true);
    Ok(endpoint.connect_lazy())
}

/// Whatever stands around a channel, as one type.
pub(crate) fn boxed<S, B>(service: S) -> Channel
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
