//! The peers as servers and clients of gRPC.

use tonic_tracing_opentelemetry::middleware::{client as tonic_client, server as tonic_server};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_layer::Layer;
use tower_otel::{metrics, trace::GrpcLayer};
use tracing::Level;
use tracing_subscriber::layer::Identity;

use super::{
    access::Access,
    globals::{json, meter, subscribe},
};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    cases::grpc::{Echo, calls, case, client},
};

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("grpc/peer-tower-otel-metrics", |effort| {
            calls(metrics::HttpLayer::server(&meter()).layer(Echo), effort)
        }),
        case("grpc/peer-tower-otel-trace-1", tower_otel),
        case("grpc/peer-tower-otel-trace-100", tower_otel).with_share(1.0),
        case("grpc/peer-tonic-tracing-otel-1", tonic_tracing),
        case("grpc/peer-tonic-tracing-otel-100", tonic_tracing).with_share(1.0),
        case("grpc/peer-full-1", |effort| {
            subscribe(json())?;
            let service = metrics::HttpLayer::server(&meter()).layer(Access::default().layer(Echo));
            let service = tonic_server::OtelGrpcLayer::default().layer(service);
            let service = PropagateRequestIdLayer::x_request_id().layer(service);
            calls(SetRequestIdLayer::x_request_id(MakeRequestUuid).layer(service), effort)
        }),
        client("grpc-client/peer-tower-otel-trace-1", |effort| {
            subscribe(Identity::new())?;
            calls(GrpcLayer::client(Level::INFO).layer(Echo), effort)
        }),
        client("grpc-client/peer-tonic-tracing-otel-1", |effort| {
            subscribe(Identity::new())?;
            calls(tonic_client::OtelGrpcLayer.layer(Echo), effort)
        }),
    ]
}

fn tower_otel(effort: Effort) -> Result<Readings> {
    subscribe(Identity::new())?;
    calls(GrpcLayer::server(Level::INFO).layer(Echo), effort)
}

fn tonic_tracing(effort: Effort) -> Result<Readings> {
    subscribe(Identity::new())?;
    calls(tonic_server::OtelGrpcLayer::default().layer(Echo), effort)
}
