//! The clients of the traffic: plain beside the shop, watched in a process of their own.

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tower::{BoxError, Layer, Service, ServiceExt, util::BoxCloneSyncService};

use super::{
    Targets,
    wire::{Callers, Wire},
};
use crate::{
    channel::{self, Channel},
    cli::Sampling,
    watch::Watch,
};

/// Boxed, so that its type stays the same with a layer and without.
type HttpClient = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, BoxError>;

/// One client for each protocol.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    pub(super) http: HttpClient,
    pub(super) grpc: Channel,
    /// Where they are not watched.
    pub(super) callers: Option<Callers>,
}

impl Clients {
    /// Clients that nobody watches: what they do is seen by the shop alone. Every second caller traces itself, and keeps as
    /// many traces as this sampling would.
    ///
    /// # Errors
    /// When an address makes no URI.
    pub(crate) fn plain(
        targets: Targets,
        sampling: Option<Sampling>,
    ) -> Result<Self, tonic::transport::Error> {
        let callers = Callers(sampling);
        let grpc = channel::boxed(callers.around(Wire(channel::bare(targets.inventory)?)));
        Ok(Self { http: boxed(callers.around(Wire(http()))), grpc, callers: Some(callers) })
    }

    /// Clients with the four windows: a trace begins here.
    ///
    /// # Errors
    /// When an address makes no URI.
    pub(crate) fn watched(targets: Targets, watch: &Watch) -> Result<Self, tonic::transport::Error> {
        let layer = watch.grpc_client(targets.inventory);
        let grpc = channel::boxed(layer.layer(Wire(channel::bare(targets.inventory)?)));
        Ok(Self { http: boxed(watch.http_client().layer(Wire(http()))), grpc, callers: None })
    }
}

fn http() -> Client<HttpConnector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).build_http()
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
