//! The exporter of spans, as the environment asks for it.

use opentelemetry_sdk::trace::TracerProviderBuilder;

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

pub(crate) fn export(
    environment: Environment,
    builder: TracerProviderBuilder,
    background: &Background,
) -> Result<TracerProviderBuilder, InitError> {
    if destination(environment).is_none() {
        return Ok(builder);
    }
    // The channel lives on the runtime that it is made on; the application's may be gone at the flush.
    let _runtime = background.enter();
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .build()
        .map_err(|error| InitError::Exporter(Box::new(error)))?;
    Ok(builder.with_batch_exporter(exporter))
}

/// Where spans go, if anywhere: what the start line says.
pub(crate) fn destination(environment: Environment) -> Option<String> {
    let endpoint = environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    endpoint.or_else(|| environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
}
