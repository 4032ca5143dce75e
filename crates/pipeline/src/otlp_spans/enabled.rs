//! The exporter of spans, as the environment asks for it.

use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanProcessor};

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

/// The processor that exports spans, if they are to go anywhere.
pub(crate) fn processor(
    environment: Environment,
    background: &Background,
) -> Result<Option<Box<dyn SpanProcessor>>, InitError> {
    if destination(environment).is_none() {
        return Ok(None);
    }
    // The channel lives on the runtime that it is made on; the application's may be gone at the flush.
    let _runtime = background.enter();
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .build()
        .map_err(|error| InitError::Exporter(Box::new(error)))?;
    Ok(Some(Box::new(BatchSpanProcessor::builder(exporter).build())))
}

/// Where spans go, if anywhere: what the start line says.
pub(crate) fn destination(environment: Environment) -> Option<String> {
    let endpoint = environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    endpoint.or_else(|| environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
}
