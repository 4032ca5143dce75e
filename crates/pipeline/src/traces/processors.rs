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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::Mutex;
    use std::time::SystemTime;

    use opentelemetry::KeyValue;
    use opentelemetry::trace::{SpanKind, Status, Tracer, TracerProvider};
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tower_telemetry_core::trace_ids::TraceFlags;
    use tower_telemetry_core::{TraceIds, TraceState};
    use tower_telemetry_trace::{FinishedSpan, SpanSink};

    use super::*;
    use crate::traces::sink::LateSpans;

    /// Notes the names of spans, and for which service they are.
    #[derive(Debug, Clone, Default)]
    struct Noting {
        service: Option<String>,
        told: Arc<Mutex<Vec<String>>>,
    }

    impl SpanProcessor for Noting {
        fn on_start(&self, _: &mut Span, _: &Context) {}

        fn on_end(&self, span: SpanData) {
            let service = self.service.as_deref().unwrap_or("nobody");
            self.told.lock().unwrap().push(format!("{service} {}", span.name));
        }

        fn force_flush(&self) -> OTelSdkResult {
            Ok(())
        }

        fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
            self.told.lock().unwrap().push("shut down".into());
            Ok(())
        }

        fn set_resource(&mut self, resource: &Resource) {
            self.service = resource.get(&"service.name".into()).map(|name| name.to_string());
        }
    }

    #[test]
    fn each_processor_is_given_the_spans_of_the_provider_and_the_late_ones() {
        let (first, second) = (Noting::default(), Noting::default());
        let resource =
            Resource::builder_empty().with_attribute(KeyValue::new("service.name", "shop")).build();
        let processors = Processors::new(vec![Box::new(first.clone()), Box::new(second.clone())], &resource);
        let provider = SdkTracerProvider::builder().with_span_processor(processors.clone()).build();
        drop(provider.tracer("mine").start("early"));
        LateSpans::to(processors).write(FinishedSpan {
            ids: TraceIds::random(TraceFlags::SAMPLED),
            parent: None,
            parent_is_remote: false,
            state: TraceState::default(),
            kind: SpanKind::Server,
            name: "late".into(),
            started: SystemTime::UNIX_EPOCH,
            ended: SystemTime::UNIX_EPOCH,
            attributes: Vec::new(),
            links: Vec::new(),
            status: Status::Unset,
        });
        provider.shutdown().unwrap();
        for noting in [first, second] {
            assert_eq!(*noting.told.lock().unwrap(), ["shop early", "shop late", "shut down"]);
        }
    }
}
