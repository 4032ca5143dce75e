//! The layer that hands `tracing`'s events over to the export.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use tower_telemetry_log::Belonging;
use tower_telemetry_trace::active_span;
use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Subscriber};
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::{Layer, layer};

use super::limits::Limits;
use super::logger::Logs;
use super::owner::Owner;
use super::record::Record;
use super::span_fields::{Reader, SpanFields};
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
    limits: Limits,
}

impl OtlpLogLayer {
    pub(super) fn new(export: Export<Record>, limits: Limits) -> Self {
        Self { bridge: Arc::new(OpenTelemetryTracingBridge::new(&Logs { export, limits })), limits }
    }

    fn keep<S>(&self, id: &Id, context: &layer::Context<'_, S>, read: impl FnOnce(&mut Reader<'_>))
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        // Read before the span's extensions are locked: a value whose `Debug` logs comes back to read them.
        let mut newer = SpanFields::default();
        harmless(|| read(&mut Reader { fields: &mut newer, limits: self.limits }));
        let Some(span) = context.span(id).filter(|_| !newer.is_empty()) else { return };
        let mut extensions = span.extensions_mut();
        match extensions.get_mut::<SpanFields>() {
            Some(standing) => standing.overwrite(newer),
            None => extensions.insert(newer),
        }
    }
}

impl<S> Layer<S> for OtlpLogLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        if !Context::is_current_telemetry_suppressed() {
            self.keep(id, &context, |reader| attributes.record(reader));
        }
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, context: layer::Context<'_, S>) {
        if !Context::is_current_telemetry_suppressed() {
            self.keep(id, &context, |reader| values.record(reader));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        if Context::is_current_telemetry_suppressed() {
            return;
        }
        let mut fields = Vec::new();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(kept) = span.extensions().get::<SpanFields>() {
                fields.extend(kept.iter().cloned());
            }
        }
        Owner { belonging: Belonging::of(event, &context, active_span), fields }.lay_down();
        harmless(|| self.bridge.on_event(event, context));
    }
}

impl fmt::Debug for OtlpLogLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtlpLogLayer")
    }
}

/// A value whose `Debug` panics loses its record, and harms nobody else.
fn harmless(read: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(read));
}
