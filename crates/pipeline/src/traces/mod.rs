//! The provider of spans: who decides about them, and where they go.

mod counts;
mod inner;
mod processors;
mod sampler;
mod sampling;
mod sink;

use std::sync::Arc;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanProcessor};
use tower_telemetry_metrics::Store;
use tower_telemetry_trace::{Decide, SpanSink, Trace};

pub use self::inner::InnerSpans;
pub(crate) use self::sampling::Sampling;

use self::inner::Buffer;
use self::processors::Processors;
use self::sampler::{HandedIds, HandedSampler};
use self::sink::LateSpans;
use crate::error::InitError;
use crate::settings::Environment;

/// Whose the provider of spans is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It was made by the set-up.
    Telemetry,
    /// It was there before.
    Program,
}

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
    inner: Option<InnerSpans>,
    store: &Store,
    processors: Vec<Box<dyn SpanProcessor>>,
) -> Result<Traces, InitError> {
    if let Some(traces) = disabled(environment) {
        return Ok(traces);
    }
    let Sampling { decide, text, sampler } = sampling::chosen(environment, sampling, &resource)?;
    if let Some(sampler) = sampler {
        counts::tell(sampler, store);
    }
    let processors = Processors::new(processors, &resource);
    let provider = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_id_generator(HandedIds)
        .with_sampler(HandedSampler(Arc::clone(&decide)));
    let (provider, sink, text) = match inner {
        None => (provider.with_span_processor(processors.clone()), LateSpans::to(processors), text),
        Some(limits) => {
            let buffer = Buffer::new(limits, processors.clone(), store);
            let sink = LateSpans::to(processors).with_inner(buffer.clone());
            let text = format!("{text}, with up to {} inner spans a request", limits.max());
            (provider.with_span_processor(buffer), sink, text)
        }
    };
    Ok(Traces { provider: provider.build(), decision: Some((decide, Arc::new(sink))), sampler: text })
}

/// Uses a provider that the program has made, which decides by its own sampler.
pub(crate) fn of_program(environment: Environment, provider: SdkTracerProvider) -> Traces {
    let sampler = "that of the program's own provider".to_owned();
    disabled(environment).unwrap_or(Traces { provider, decision: None, sampler })
}

/// What makes no spans, where that is wanted.
fn disabled(environment: Environment) -> Option<Traces> {
    if !environment.is_true("OTEL_SDK_DISABLED") {
        return None;
    }
    // Shut down before it begins: it makes no spans, and the trace window then hands a caller's
    // context on with the caller's own decision, which a sampler's no would overrule.
    let provider = SdkTracerProvider::builder().build();
    let _ = provider.shutdown();
    Some(Traces { provider, decision: None, sampler: "none".into() })
}
