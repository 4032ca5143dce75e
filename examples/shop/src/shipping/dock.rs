//! The dock: where a worker packs, waits for the courier, ships, and puts the order on the manifest.

use std::time::Duration;

use opentelemetry::{Context, KeyValue, trace::TraceContextExt};
use tokio::time::sleep;
use tower_telemetry::{Continuation, Traced};

use super::{Job, Report, manifest::Manifest};
use crate::{store::Stage, visit, watch::WorkSpans};

/// What the workers share.
#[derive(Debug)]
pub(crate) struct Dock {
    spans: WorkSpans,
    report: Report,
    manifest: Manifest,
}

impl Dock {
    pub(crate) fn new(spans: WorkSpans, report: Report) -> Self {
        Self { spans, report, manifest: Manifest::default() }
    }

    /// Does a job as a part of the request that asked for it, wherever that came in.
    pub(super) async fn work(&self, job: Traced<Job>) {
        let waited = job.waited();
        job.run(|job| self.spans.continue_as("ship order").run(self.ship(job, waited))).await;
        // Not within the job: a manifest belongs to no one order.
        if let Some(shipped) = self.manifest.take_if_full() {
            self.write(shipped).await;
        }
    }

    /// Writes the manifest of what was shipped last.
    pub(super) async fn close(&self) {
        let shipped = self.manifest.take();
        if !shipped.is_empty() {
            self.write(shipped).await;
        }
    }

    async fn ship(&self, Job { order, visit }: Job, waited: Duration) {
        let visit = visit.number();
        if let Some(visit) = visit {
            Context::current().span().set_attribute(KeyValue::new(visit::HEADER, visit.to_string()));
        }
        sleep(Duration::from_millis(fastrand::u64(8..22))).await;
        self.report.tell(order, Stage::Packed);
        sleep(Duration::from_millis(fastrand::u64(4..14))).await;
        self.report.tell(order, Stage::Shipped);
        // With the ids of the exchange that placed the order.
        tracing::info!(order, visit, waited_ms = waited.as_millis() as u64, "order shipped");
        self.manifest.add(Continuation::capture());
    }

    /// A trace of its own, with a link to each of the orders.
    async fn write(&self, shipped: Vec<Continuation>) {
        let orders = shipped.len();
        let manifest = self.spans.start_linked("write manifest", &shipped);
        manifest.run(async { tracing::info!(orders, "manifest written") }).await;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::{
        collections::HashMap,
        sync::{Arc, Mutex},
        time::Duration,
    };

    use opentelemetry::{
        Context,
        trace::{SpanKind, TraceContextExt, Tracer, TracerProvider},
    };
    use opentelemetry_sdk::{
        error::OTelSdkResult,
        trace::{SdkTracerProvider, Span, SpanData, SpanProcessor},
    };
    use tower_telemetry::Traced;

    use super::Dock;
    use crate::{
        shipping::{Job, Report},
        store::Orders,
        visit::Visit,
        watch::WorkSpans,
    };

    #[derive(Debug, Clone, Default)]
    struct Finished(Arc<Mutex<Vec<SpanData>>>);

    impl SpanProcessor for Finished {
        fn on_start(&self, _: &mut Span, _: &Context) {}

        fn on_end(&self, span: SpanData) {
            self.0.lock().unwrap().push(span);
        }

        fn force_flush(&self) -> OTelSdkResult {
            Ok(())
        }

        fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
            Ok(())
        }
    }

    impl Finished {
        fn named(&self, name: &str) -> Vec<SpanData> {
            self.0.lock().unwrap().iter().filter(|span| span.name == name).cloned().collect()
        }
    }

    fn dock() -> (Dock, SdkTracerProvider, Finished) {
        let finished = Finished::default();
        let provider = SdkTracerProvider::builder().with_span_processor(finished.clone()).build();
        let spans = WorkSpans::with_tracer_provider(&provider);
        (Dock::new(spans, Report::To(Arc::new(Orders::new()))), provider, finished)
    }

    fn job(order: u64) -> Job {
        Job { order, visit: Visit::UNTOLD }
    }

    /// A job as a request hands it over, and the context of that request.
    fn asked(provider: &SdkTracerProvider, order: u64) -> (Traced<Job>, Context) {
        let request = Context::current_with_span(provider.tracer("test").start("request"));
        let _attached = request.clone().attach();
        (Traced::new(job(order)), request)
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_is_a_child_of_its_request_in_this_process_and_from_another() {
        let (dock, provider, finished) = dock();
        let (here, request) = asked(&provider, 1);
        let mut headers = HashMap::new();
        here.to_headers(|name, value| _ = headers.insert(name.to_owned(), value.to_owned()));
        dock.work(here).await;
        dock.work(Traced::from_headers(job(1), headers)).await;
        let spans = finished.named("ship order");
        assert_eq!(spans.len(), 2);
        for span in spans {
            assert_eq!(span.span_kind, SpanKind::Internal);
            assert_eq!(span.parent_span_id, request.span().span_context().span_id());
            assert_eq!(span.span_context.trace_id(), request.span().span_context().trace_id());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_manifest_is_a_trace_of_its_own_with_links_to_its_orders() {
        let (dock, provider, finished) = dock();
        for order in 0..30 {
            dock.work(asked(&provider, order).0).await;
        }
        dock.close().await;
        let jobs: Vec<_> =
            finished.named("ship order").iter().map(|span| span.span_context.clone()).collect();
        let manifests = finished.named("write manifest");
        assert_eq!(manifests.iter().map(|manifest| manifest.links.len()).collect::<Vec<_>>(), [25, 5]);
        let linked: Vec<_> = manifests
            .iter()
            .flat_map(|manifest| manifest.links.iter().map(|link| link.span_context.clone()))
            .collect();
        assert_eq!(linked, jobs);
        for manifest in manifests {
            assert!(jobs.iter().all(|job| job.trace_id() != manifest.span_context.trace_id()));
        }
    }
}
