//! The export of spans, as a processor of the SDK.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tower_telemetry_metrics::Store;

use crate::background::Background;
use crate::error::InitError;
use crate::otlp::batches::{Export, Settings};
use crate::settings::Environment;

/// Where finished spans go. A clone is the same.
pub(crate) type SpanExport = Export<SpanData>;

/// Starts the export, if the environment names a collector.
pub(crate) fn start(
    environment: Environment,
    store: &Store,
    background: &Background,
) -> Result<Option<SpanExport>, InitError> {
    let settings = Settings::of::<SpanData>(environment)?;
    settings.map(|settings| Export::start(settings, store, background)).transpose()
}

/// The variable that asks for an export, in vain: there is none.
pub(crate) const fn unheard(_: Environment) -> Option<&'static str> {
    None
}

impl SpanProcessor for SpanExport {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        // One that was not sampled is for the eyes of other processors alone.
        if span.span_context.is_sampled() {
            self.submit(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.end_within(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        // There is one provider, so it is set once.
        Export::set_resource(self, resource);
    }
}
