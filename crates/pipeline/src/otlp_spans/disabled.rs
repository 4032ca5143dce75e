//! Without the feature `otlp`, spans are exported nowhere.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tower_telemetry_metrics::Store;

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum SpanExport {}

#[allow(clippy::unnecessary_wraps, reason = "one face with the start that can fail")]
pub(crate) const fn start(
    _: Environment,
    _: &Store,
    _: &Background,
) -> Result<Option<SpanExport>, InitError> {
    Ok(None)
}

/// The variable that asks for an export, in vain.
pub(crate) fn unheard(environment: Environment) -> Option<&'static str> {
    const ADDRESSES: [&str; 4] = [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];
    ADDRESSES.into_iter().find(|variable| environment.get(variable).is_some())
}

impl SpanExport {
    pub(crate) fn destination(&self) -> &str {
        match *self {}
    }

    pub(crate) fn finish(&self) {
        match *self {}
    }
}

impl SpanProcessor for SpanExport {
    fn on_start(&self, _: &mut Span, _: &Context) {
        match *self {}
    }

    fn on_end(&self, _: SpanData) {
        match *self {}
    }

    fn force_flush(&self) -> OTelSdkResult {
        match *self {}
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        match *self {}
    }
}
