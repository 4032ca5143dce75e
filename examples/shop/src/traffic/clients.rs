//! The clients of the traffic: plain beside the shop, watched in a process of their own.

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tower::{BoxError, Layer, Service, ServiceExt, util::BoxCloneSyncService};

use super::Targets;
use crate::{
    channel::{self, Channel},
    watch::{ClientLayer, Watch},
};

/// Boxed, so that its type stays the same with a layer and without.
type HttpClient = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, BoxError>;

/// One client for each protocol.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    pub(super) http: HttpClient,
    pub(super) grpc: Channel,
}

impl Clients {
    /// Clients that nobody watches: what they do is seen by the shop alone.
    ///
    /// # Errors
    /// When an address makes no URI.
    pub(crate) fn plain(targets: Targets) -> Result<Self, tonic::transport::Error> {
        Ok(Self { http: http(None), grpc: channel::to(targets.inventory, None)? })
    }

    /// Clients with the four windows: a trace begins here.
    ///
    /// # Errors
    /// When an address makes no URI.
    pub(crate) fn watched(targets: Targets, watch: &Watch) -> Result<Self, tonic::transport::Error> {
        let layer = watch.grpc_client(targets.inventory);
        Ok(Self { http: http(Some(watch.http_client())), grpc: channel::to(targets.inventory, Some(layer))? })
    }
}

fn http(layer: Option<ClientLayer>) -> HttpClient {
    let client = Client::builder(TokioExecutor::new()).build_http();
    match layer {
        Some(layer) => boxed(layer.layer(client)),
        None => boxed(client),
    }
}

fn boxed<S, B>(service: S) -> HttpClient
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    S: Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    BoxCloneSyncService::new(service.map_response(|response| response.map(Body::new)).map_err(Into::into))
}
