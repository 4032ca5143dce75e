//! This project's windows as the front door sets them up, with sinks that lead nowhere.

use std::time::Duration;

use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{BatchSpanProcessor, SdkTracer, SpanData, SpanExporter},
};
use tower_telemetry::{Telemetry, log::ACCESS_TARGET, trace::Trace};

use crate::Result;

/// Takes spans and does nothing: what is measured ends where an exporter begins.
#[derive(Debug)]
pub(crate) struct Nowhere;

/// All four windows, with a line for each exchange; the share of traces comes from the environment.
pub(super) fn full() -> Result<Telemetry> {
    let telemetry = Telemetry::builder("benchmarks")
        .without_admin()
        .with_log_filter(format!("info,{ACCESS_TARGET}=debug"))
        .with_log_writer(std::io::sink)
        .with_span_processor(spans())
        .init()?;
    Ok(telemetry)
}

/// Its trace window alone.
pub(super) fn trace() -> Result<Trace<SdkTracer>> {
    let (_, trace, _, _) = full()?.windows();
    Ok(trace)
}

/// A batch processor before an exporter that is none.
pub(crate) fn spans() -> BatchSpanProcessor {
    BatchSpanProcessor::builder(Nowhere).build()
}

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
