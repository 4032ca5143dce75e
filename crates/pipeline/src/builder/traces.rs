//! What spans tell, which of them are kept, and who is given them.

use std::fmt;

use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanProcessor};
use tower_telemetry_trace::{Decide, SpanNaming, Trace};

use crate::builder::TelemetryBuilder;
use crate::peer;
use crate::traces::{InnerSpans, Sampling};

/// What has been chosen about spans.
pub(super) struct Traces {
    /// The provider of the program's own.
    pub(super) provider: Option<SdkTracerProvider>,
    pub(super) naming: SpanNaming,
    pub(super) choose: Choose,
    pub(super) processors: Vec<Box<dyn SpanProcessor>>,
    pub(super) sampling: Option<Sampling>,
    pub(super) inner: Option<InnerSpans>,
}

type Choose = Box<dyn FnOnce(Trace<SdkTracer>) -> Trace<SdkTracer> + Send>;

impl Default for Traces {
    fn default() -> Self {
        Self {
            provider: None,
            naming: SpanNaming::default(),
            choose: Box::new(|trace| trace.with_peer(peer::of_hyper)),
            processors: Vec::new(),
            sampling: None,
            inner: None,
        }
    }
}

impl TelemetryBuilder {
    /// Names spans in this way.
    pub fn with_span_naming(mut self, naming: SpanNaming) -> Self {
        self.traces.naming = naming;
        self
    }

    /// Chooses what spans tell beside what the conventions recommend, and how they end.
    ///
    /// ```
    /// use tower_telemetry_pipeline::Telemetry;
    /// use tower_telemetry_trace::{Capture, StreamSpans};
    ///
    /// # fn main() -> Result<(), tower_telemetry_trace::CaptureError> {
    /// let tenant = Capture::new().request(["x-tenant"])?;
    /// let builder = Telemetry::builder("orders").with_trace(|trace| {
    ///     trace.with_captured_headers(tenant).with_streams(StreamSpans::Head { routes: &["/export"] })
    /// });
    /// # let _ = builder;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_trace(
        mut self,
        choose: impl FnOnce(Trace<SdkTracer>) -> Trace<SdkTracer> + Send + 'static,
    ) -> Self {
        let before = self.traces.choose;
        self.traces.choose = Box::new(move |trace| choose(before(trace)));
        self
    }

    /// Makes spans by this provider, which a program has already: its sampler decides, and its processors are given
    /// what it makes.
    ///
    /// What telemetry does by itself is then left to it: no export of spans by the environment, no sampler of ours, and
    /// nothing is kept at its end. [`Telemetry::shutdown`](crate::Telemetry::shutdown) flushes it, and does not end it.
    ///
    /// ```
    /// use opentelemetry_sdk::trace::SdkTracerProvider;
    /// use tower_telemetry_pipeline::Telemetry;
    ///
    /// let provider = SdkTracerProvider::builder().build();
    /// let builder = Telemetry::builder("orders").with_tracer_provider(provider.clone());
    /// # let _ = builder;
    /// ```
    pub fn with_tracer_provider(mut self, provider: SdkTracerProvider) -> Self {
        self.traces.provider = Some(provider);
        self
    }

    /// Gives finished spans to this processor, besides the exporter.
    ///
    /// A span that is kept at the end of its exchange has no start to be told: `on_end` alone is called.
    pub fn with_span_processor(mut self, processor: impl SpanProcessor + 'static) -> Self {
        self.traces.processors.push(Box::new(processor));
        self
    }

    /// Decides about traces in this way, where `OTEL_TRACES_SAMPLER` says nothing.
    ///
    /// Its text stands on the start line.
    pub fn with_sampling(mut self, sampler: impl Decide + fmt::Display) -> Self {
        self.traces.sampling = Some(Sampling::of(sampler));
        self
    }

    /// Keeps the spans that the program makes within a request until its end decides, where a sampler has it decide.
    ///
    /// Without this they are missing from a request that is kept at its end, which has its own span and those of its
    /// calls. With it they are recorded unsampled, and wait in a buffer: what is kept is exported as a yes at the head
    /// would have it, but for what found no room, which `tower_telemetry.inner_spans.dropped` counts. A span that ends
    /// after its request shares its fate. Span processors are told the start of each, and the end of what is kept.
    ///
    /// It costs what recording costs, for every request that waits.
    ///
    /// ```
    /// use tower_telemetry_pipeline::{InnerSpans, Telemetry};
    ///
    /// let builder = Telemetry::builder("orders").with_buffered_inner_spans(InnerSpans::default());
    /// # let _ = builder;
    /// ```
    pub fn with_buffered_inner_spans(mut self, inner: InnerSpans) -> Self {
        self.traces.inner = Some(inner);
        self
    }
}
