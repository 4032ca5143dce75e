//! The provider of spans: its sampler, and where its spans go.

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, TracerProviderBuilder};

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;
use crate::{otlp_spans, resource};

/// The share of new traces that is sampled in production, where nothing else is said.
const PRODUCTION_RATIO: f64 = 0.01;

/// Makes the provider, with a user's processors in front of the exporter.
pub(crate) fn provider(
    environment: Environment,
    resource: Resource,
    extend: impl FnOnce(TracerProviderBuilder) -> TracerProviderBuilder,
    background: &Background,
) -> Result<SdkTracerProvider, InitError> {
    let mut builder = SdkTracerProvider::builder();
    if environment.is_true("OTEL_SDK_DISABLED") {
        // Shut down before it begins: it makes no spans, and the trace window then hands a caller's
        // context on with the caller's own decision, which a sampler's no would overrule.
        let provider = builder.build();
        let _ = provider.shutdown();
        return Ok(provider);
    }
    // Without this, the SDK reads OTEL_TRACES_SAMPLER, and samples all where there is none.
    if environment.get("OTEL_TRACES_SAMPLER").is_none() && resource::is_production(&resource) {
        let root = Sampler::TraceIdRatioBased(PRODUCTION_RATIO);
        builder = builder.with_sampler(Sampler::ParentBased(Box::new(root)));
    }
    let builder = extend(builder.with_resource(resource));
    otlp_spans::export(environment, builder, background).map(TracerProviderBuilder::build)
}
