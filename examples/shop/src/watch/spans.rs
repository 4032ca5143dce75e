//! What finished spans say, told to the ledger.

use std::time::Duration;

use opentelemetry::{Context, KeyValue, Value, trace::SpanKind};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};
use tower_telemetry::{
    Ending, Verdict,
    core::names::attribute::{
        ERROR_TYPE, HTTP_RESPONSE_STATUS_CODE, HTTP_ROUTE, REQUEST_ID, RPC_METHOD, RPC_STATUS_CODE,
        SPAN_ENDING, SPAN_VERDICT, URL_TEMPLATE,
    },
};
use tower_telemetry_testing::{ExchangeKey, Ledger, Sentence, Source};

/// A processor that notes spans and exports none.
#[derive(Debug)]
pub(crate) struct Spans {
    ledger: Ledger,
}

impl Spans {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }
}

impl SpanProcessor for Spans {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        // Those inside are no exchanges: nobody else speaks of them.
        if !matches!(span.span_kind, SpanKind::Server | SpanKind::Client) {
            return;
        }
        let (trace, id) = (span.span_context.trace_id().to_bytes(), span.span_context.span_id().to_bytes());
        if let Some(key) = ExchangeKey::from_bytes(trace, id) {
            self.ledger.note(Source::Span, key, sentence(&span));
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

fn sentence(span: &SpanData) -> Sentence {
    let text = |key| find(&span.attributes, key).map(|value| value.as_str().into_owned());
    let status = match find(&span.attributes, HTTP_RESPONSE_STATUS_CODE) {
        Some(Value::I64(status)) => u16::try_from(*status).ok(),
        _ => None,
    };
    let mut sentence = Sentence::new()
        .route(text(HTTP_ROUTE).or_else(|| text(URL_TEMPLATE)).or_else(|| text(RPC_METHOD)))
        .grpc(text(RPC_STATUS_CODE))
        .error_type(text(ERROR_TYPE))
        .request_id(text(REQUEST_ID));
    // By the conventions, the span of a gRPC call tells no HTTP status.
    if text(RPC_METHOD).is_none() {
        sentence = sentence.status(status);
    }
    if let Ok(duration) = span.end_time.duration_since(span.start_time) {
        sentence = sentence.duration(duration);
    }
    if let Some(verdict) = text(SPAN_VERDICT).and_then(|name| verdict(&name)) {
        sentence = sentence.verdict(verdict);
    }
    if let Some(ending) = text(SPAN_ENDING).and_then(|name| ending(&name)) {
        sentence = sentence.ending(ending);
    }
    sentence
}

fn find<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|attribute| attribute.key.as_str() == key).map(|attribute| &attribute.value)
}

pub(crate) fn verdict(name: &str) -> Option<Verdict> {
    Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == name)
}

pub(crate) fn ending(name: &str) -> Option<Ending> {
    Ending::ALL.into_iter().find(|ending| ending.as_str() == name)
}
