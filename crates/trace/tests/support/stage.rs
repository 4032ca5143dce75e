//! One exchange with a handler in it, and the spans that come of it.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex};

use http::{Request, Response, request};
use http_body_util::Empty;
use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceContextExt};
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SdkTracer, SdkTracerProvider, SpanData};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Exchange, RequestId, Scope, Signal, SignalExt, current};
use tower_telemetry_trace::Trace;
use tower_telemetry_trace::tasks::Spans;

/// Gives every exchange the request id `req-1`.
#[derive(Clone)]
struct Named;

impl Signal for Named {
    type Observer = ();

    fn start(&self, exchange: &Exchange, _: &mut request::Parts) {
        exchange.set_request_id(RequestId::new("req-1").unwrap());
    }
}

pub(crate) struct Stage {
    pub(crate) provider: SdkTracerProvider,
    exporter: InMemorySpanExporter,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::sampled_by(Sampler::AlwaysOn)
    }

    pub(crate) fn sampled_by(sampler: Sampler) -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider =
            SdkTracerProvider::builder().with_sampler(sampler).with_simple_exporter(exporter.clone()).build();
        Self { provider, exporter }
    }

    pub(crate) fn spans(&self) -> Spans<SdkTracer> {
        Spans::with_tracer_provider(&self.provider)
    }

    /// Runs a handler within an exchange, and gives what it gives.
    pub(crate) async fn handle<F, R>(&self, handler: impl FnOnce() -> F) -> R
    where
        F: Future<Output = R>,
    {
        self.handle_with((), handler).await
    }

    /// The same, with this signal after the others.
    pub(crate) async fn handle_with<F, R>(&self, last: impl Signal, handler: impl FnOnce() -> F) -> R
    where
        F: Future<Output = R>,
    {
        let handler = Mutex::new(Some(handler));
        let result = Arc::new(Mutex::new(None));
        let layer = (Named, Trace::with_tracer_provider(&self.provider), last).server();
        let service = layer.layer(service_fn(|_: Request<()>| {
            let handler = handler.lock().unwrap().take().expect("one request is handled");
            let result = Arc::clone(&result);
            async move {
                *result.lock().unwrap() = Some(handler().await);
                Ok::<_, Infallible>(Response::new(Empty::<&'static [u8]>::new()))
            }
        }));
        let _response = service.oneshot(Request::new(())).await.unwrap();
        result.lock().unwrap().take().expect("the handler has answered")
    }

    pub(crate) fn finished(&self) -> Vec<SpanData> {
        self.exporter.get_finished_spans().unwrap()
    }

    /// The one span of this name.
    #[track_caller]
    pub(crate) fn span(&self, name: &str) -> SpanData {
        let mut all: Vec<_> = self.finished().into_iter().filter(|span| span.name == name).collect();
        assert_eq!(all.len(), 1, "there is one {name}: {:#?}", self.finished());
        all.remove(0)
    }
}

/// What is current: the span of the trace context, the ids that log lines tell, and the request id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) span: SpanId,
    pub(crate) told: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) in_exchange: bool,
}

pub(crate) fn seen() -> Seen {
    let scope = Scope::current();
    Seen {
        span: Context::current().span().span_context().span_id(),
        told: scope.trace().map(|ids| ids.to_string()),
        request_id: scope.request_id().map(ToString::to_string),
        in_exchange: current().is_some(),
    }
}

/// What is current where nothing is.
pub(crate) fn nothing() -> Seen {
    Seen { span: SpanId::INVALID, told: None, request_id: None, in_exchange: false }
}

/// An attribute of a span as text.
pub(crate) fn attribute(span: &SpanData, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == key)?;
    Some(found.value.as_str().into_owned())
}
