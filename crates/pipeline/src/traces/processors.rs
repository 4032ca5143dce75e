//! Where finished spans go: a user's processors, and the exporter's, in one.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

/// All processors of a provider, which shows its own to nobody: clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Processors(Arc<[Box<dyn SpanProcessor>]>);

impl Processors {
    /// These, in their order, told of this resource.
    pub(crate) fn new(mut each: Vec<Box<dyn SpanProcessor>>, resource: &Resource) -> Self {
        each.iter_mut().for_each(|processor| processor.set_resource(resource));
        Self(each.into())
    }

    /// The first error, after all were asked.
    fn all(&self, ask: impl Fn(&dyn SpanProcessor) -> OTelSdkResult) -> OTelSdkResult {
        self.0.iter().map(|processor| ask(&**processor)).fold(Ok(()), OTelSdkResult::and)
    }
}

impl SpanProcessor for Processors {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.iter().for_each(|processor| processor.on_start(span, context));
    }

    fn on_end(&self, span: SpanData) {
        let Some((last, others)) = self.0.split_last() else { return };
        others.iter().for_each(|processor| processor.on_end(span.clone()));
        last.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.all(|processor| processor.force_flush())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.all(|processor| processor.shutdown_with_timeout(timeout))
    }
}
