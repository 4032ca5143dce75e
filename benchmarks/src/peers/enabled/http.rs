//! The peers as servers of HTTP, each in `Router::layer`.

use axum_otel_metrics::HttpMetricsLayerBuilder;
use axum_prometheus::PrometheusMetricLayer;
use axum_tracing_opentelemetry::middleware::{OtelAxumLayer, OtelInResponseLayer};
use opentelemetry_instrumentation_tower::http::server::{Layer as Contrib, LayerBuilder};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_layer::Stack;
use tracing::Level;
use tracing_subscriber::layer::{Identity, SubscriberExt};

use super::{
    access::Access,
    globals::{json, meter, subscribe, tracer},
};
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    cases::http::{
        Caller::{self, Stranger, Traced},
        case, requests, router,
    },
};

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("http/peer-axum-prometheus", |effort| {
            // Its upkeep is a task, which never runs here.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
            let (layer, _page) = {
                let _entered = runtime.enter();
                PrometheusMetricLayer::pair()
            };
            requests(router().layer(layer).with_state(()), Stranger, effort)
        }),
        case("http/peer-axum-otel-metrics", |effort| {
            use opentelemetry_sdk_032::metrics::{ManualReader, SdkMeterProvider};
            let provider = SdkMeterProvider::builder().with_reader(ManualReader::builder().build()).build();
            let layer = HttpMetricsLayerBuilder::new().with_provider(provider.clone()).build();
            let readings = requests(router().layer(layer).with_state(()), Stranger, effort);
            drop(provider);
            readings
        }),
        case("http/peer-tower-otel-metrics", |effort| {
            let layer = tower_otel::metrics::HttpLayer::server(&meter());
            requests(router().layer(layer).with_state(()), Stranger, effort)
        }),
        case("http/peer-tower-otel-trace-0", tower_otel_trace).with_share(0.0),
        case("http/peer-tower-otel-trace-1", tower_otel_trace),
        case("http/peer-tower-otel-trace-100", tower_otel_trace).with_share(1.0),
        case("http/peer-axum-tracing-otel-0", |effort| axum_tracing_otel(Stranger, effort)).with_share(0.0),
        case("http/peer-axum-tracing-otel-1", |effort| axum_tracing_otel(Stranger, effort)),
        case("http/peer-axum-tracing-otel-100", |effort| axum_tracing_otel(Stranger, effort)).with_share(1.0),
        case("http/peer-axum-tracing-otel-tp", |effort| axum_tracing_otel(Traced, effort)),
        case("http/peer-contrib-metrics", |effort| {
            meter();
            let layer = LayerBuilder::builder().with_tracing(false).build()?;
            requests(router().layer(layer).with_state(()), Stranger, effort)
        }),
        case("http/peer-contrib-both-1", contrib_both),
        case("http/peer-contrib-both-100", contrib_both).with_share(1.0),
        case("http/peer-tower-http-request-id", |effort| {
            requests(
                router().layer(request_id(tower_layer::Identity::new())).with_state(()),
                Stranger,
                effort,
            )
        }),
        case("http/peer-contrib-full-0", contrib_full).with_share(0.0),
        case("http/peer-contrib-full-1", contrib_full),
        case("http/peer-contrib-full-100", contrib_full).with_share(1.0),
        case("http/peer-tower-otel-full-1", tower_otel_full),
    ]
}

fn tower_otel_trace(effort: Effort) -> Result<Readings> {
    subscribe(Identity::new())?;
    requests(
        router().layer(tower_otel::trace::HttpLayer::server(Level::INFO)).with_state(()),
        Stranger,
        effort,
    )
}

fn axum_tracing_otel(caller: Caller, effort: Effort) -> Result<Readings> {
    subscribe(Identity::new())?;
    let layer = Stack::new(OtelInResponseLayer, OtelAxumLayer::default());
    requests(router().layer(layer).with_state(()), caller, effort)
}

fn contrib_both(effort: Effort) -> Result<Readings> {
    drop((meter(), tracer()));
    requests(router().layer(Contrib::new()).with_state(()), Stranger, effort)
}

/// The leanest full set that was found: one combined layer, an event with its ids as fields, flat lines.
fn contrib_full(effort: Effort) -> Result<Readings> {
    drop((meter(), tracer()));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(json()))?;
    let layer = request_id(Stack::new(Access::default(), Contrib::new()));
    requests(router().layer(layer).with_state(()), Stranger, effort)
}

/// Spans of `tracing` for those who want them, and the leaner of the JSON layers, which finds the ids itself.
fn tower_otel_full(effort: Effort) -> Result<Readings> {
    let lines = json_subscriber::layer()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_opentelemetry_ids(true)
        .with_writer(std::io::sink);
    subscribe(lines)?;
    let windows = Stack::new(
        tower_otel::metrics::HttpLayer::server(&meter()),
        tower_otel::trace::HttpLayer::server(Level::INFO),
    );
    let layer = request_id(Stack::new(Access::default(), windows));
    requests(router().layer(layer).with_state(()), Stranger, effort)
}

/// A request id around the rest; the stack names what is within first.
fn request_id<L>(within: L) -> Stack<Stack<L, PropagateRequestIdLayer>, SetRequestIdLayer<MakeRequestUuid>> {
    let answered = Stack::new(within, PropagateRequestIdLayer::x_request_id());
    Stack::new(answered, SetRequestIdLayer::x_request_id(MakeRequestUuid))
}
