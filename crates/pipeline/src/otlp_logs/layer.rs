//! The layer that hands `tracing`'s events over to the export.

use std::fmt;
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry_appender_tracing::layer::{OpenTelemetryTracingBridge, TracingSpanAttributes};
use tower_telemetry_log::Belonging;
use tower_telemetry_trace::active_span;
use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Subscriber};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, layer};

use super::limits::Limits;
use super::logger::Logs;
use super::owner;
use super::record::Record;
use crate::otlp::batches::Export;

/// A [`Layer`] that makes each event a log record of OTLP, for a subscriber of one's own; made by
/// [`Telemetry::otlp_log_layer`](crate::Telemetry::otlp_log_layer).
///
/// A record has the severity, the message as its body, the target as its scope, the fields of the event and of the spans
/// around it, and what the exchange that it belongs to tells on a line: trace and span id, sampled or not, `request_id`,
/// the attributes and labels that a handler wrote. It knows the exchange that a span was made in where the
/// [log layer](crate::Telemetry::log_layer) stands in the same subscriber; else that of the thread alone.
///
/// Events of an export itself are not exported.
#[derive(Clone)]
pub struct OtlpLogLayer {
    bridge: Arc<OpenTelemetryTracingBridge<Logs, Logs>>,
}

impl OtlpLogLayer {
    pub(super) fn new(export: Export<Record>, limits: Limits) -> Self {
        let bridge = OpenTelemetryTracingBridge::builder(&Logs { export, limits })
            .with_tracing_span_attributes(TracingSpanAttributes::all());
        Self { bridge: Arc::new(bridge.build()) }
    }
}

impl<S> Layer<S> for OtlpLogLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        if !Context::is_current_telemetry_suppressed() {
            self.bridge.on_new_span(attributes, id, context);
        }
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, context: layer::Context<'_, S>) {
        if !Context::is_current_telemetry_suppressed() {
            self.bridge.on_record(id, values, context);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        if !Context::is_current_telemetry_suppressed() {
            owner::lay_down(Belonging::of(event, &context, active_span));
            self.bridge.on_event(event, context);
        }
    }
}

impl fmt::Debug for OtlpLogLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtlpLogLayer")
    }
}
