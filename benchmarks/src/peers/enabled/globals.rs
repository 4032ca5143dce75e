//! What the peers find in the global places of OpenTelemetry and `tracing`.

use std::io::sink;

use opentelemetry::{global, metrics::Meter, trace::TracerProvider};
use opentelemetry_sdk::{
    metrics::{ManualReader, SdkMeterProvider},
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, Registry, fmt, layer::SubscriberExt, registry::LookupSpan};

use crate::{Result, cases::full::spans};

/// A meter whose recordings somebody could read.
pub(super) fn meter() -> Meter {
    let reader = ManualReader::builder().build();
    global::set_meter_provider(SdkMeterProvider::builder().with_reader(reader).build());
    global::meter("benchmarks")
}

/// Traces: a provider whose sampler is that of the environment, a batch processor, and W3C's headers.
pub(super) fn tracer() -> SdkTracer {
    let provider = SdkTracerProvider::builder().with_span_processor(spans()).build();
    let tracer = provider.tracer("benchmarks");
    global::set_tracer_provider(provider);
    global::set_text_map_propagator(TraceContextPropagator::new());
    tracer
}

/// The subscriber of those whose spans are `tracing` spans, with another layer.
///
/// # Errors
///
/// There is one already.
pub(super) fn subscribe(also: impl Layer<Bridged> + Send + Sync) -> Result {
    let spans = tracing_opentelemetry::layer().with_tracer(tracer());
    let subscriber = tracing_subscriber::registry().with(spans).with(also);
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}

/// What such a layer stands on.
pub(super) type Bridged =
    tracing_subscriber::layer::Layered<OpenTelemetryLayer<Registry, SdkTracer>, Registry>;

/// JSON lines of `tracing-subscriber`, without the repetition of spans that it adds by default.
pub(super) fn json<S>() -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false).with_writer(sink)
}
