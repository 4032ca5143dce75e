//! The provider of spans: who decides about them, and where they go.

mod counts;
mod processors;
mod sampler;
mod sampling;
mod sink;

use std::sync::Arc;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanProcessor};
use tower_telemetry_metrics::Store;
use tower_telemetry_trace::{Decide, SpanSink, Trace};

pub(crate) use self::sampling::Sampling;

use self::processors::Processors;
use self::sampler::{HandedIds, HandedSampler};
use self::sink::LateSpans;
use crate::error::InitError;
use crate::settings::Environment;

/// What makes spans, and decides about them.
pub(crate) struct Traces {
    pub(crate) provider: SdkTracerProvider,
    /// The decider and its sink; none where no spans are made.
    decision: Option<(Arc<dyn Decide>, Arc<dyn SpanSink>)>,
    /// The sampler that is in force: what the start line says.
    pub(crate) sampler: String,
}

impl Traces {
    /// The trace window of this provider, which decides as it does.
    pub(crate) fn window(&self) -> Trace<SdkTracer> {
        let window = Trace::with_tracer_provider(&self.provider);
        match &self.decision {
            Some((decide, sink)) => window.with_decision(Arc::clone(decide), Arc::clone(sink)),
            None => window,
        }
    }
}

/// Makes the provider, which gives its spans and the late ones to these processors.
pub(crate) fn start(
    environment: Environment,
    resource: Resource,
    sampling: Option<Sampling>,
    store: &Store,
    processors: Vec<Box<dyn SpanProcessor>>,
) -> Result<Traces, InitError> {
    if environment.is_true("OTEL_SDK_DISABLED") {
        // Shut down before it begins: it makes no spans, and the trace window then hands a caller's
        // context on with the caller's own decision, which a sampler's no would overrule.
        let provider = SdkTracerProvider::builder().build();
        let _ = provider.shutdown();
        return Ok(Traces { provider, decision: None, sampler: "none".into() });
    }
    let Sampling { decide, text, sampler } = sampling::chosen(environment, sampling, &resource)?;
    if let Some(sampler) = sampler {
        counts::tell(sampler, store);
    }
    let processors = Processors::new(processors, &resource);
    let provider = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_id_generator(HandedIds)
        .with_sampler(HandedSampler(Arc::clone(&decide)))
        .with_span_processor(processors.clone())
        .build();
    let sink: Arc<dyn SpanSink> = Arc::new(LateSpans::to(processors));
    Ok(Traces { provider, decision: Some((decide, sink)), sampler: text })
}
