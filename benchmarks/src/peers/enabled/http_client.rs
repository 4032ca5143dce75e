//! The peers as clients of HTTP.

use tower_layer::Layer;
use tracing::Level;
use tracing_subscriber::layer::Identity;

use super::globals::{meter, subscribe};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    cases::http_client::{Client, case, requests},
};

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("http-client/peer-tower-otel-metrics", |effort| {
            requests(tower_otel::metrics::HttpLayer::client(&meter()).layer(Client), effort)
        }),
        case("http-client/peer-tower-otel-trace-1", trace),
        case("http-client/peer-tower-otel-trace-100", trace).with_share(1.0),
    ]
}

fn trace(effort: Effort) -> Result<Readings> {
    subscribe(Identity::new())?;
    requests(tower_otel::trace::HttpLayer::client(Level::INFO).layer(Client), effort)
}
