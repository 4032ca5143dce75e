//! The export of log records, and the layer that feeds it.

use opentelemetry_sdk::Resource;
use tower_telemetry_metrics::Store;

use super::layer::OtlpLogLayer;
use super::limits::Limits;
use super::record::Record;
use crate::background::Background;
use crate::error::InitError;
use crate::otlp::batches::{Export, Settings};
use crate::settings::Environment;

/// Where log records go. A clone is the same.
#[derive(Clone, Debug)]
pub(crate) struct LogExport {
    pub(super) export: Export<Record>,
    limits: Limits,
}

/// Starts the export, if the environment names a collector.
pub(crate) fn start(
    environment: Environment,
    resource: &Resource,
    store: &Store,
    background: &Background,
) -> Result<Option<LogExport>, InitError> {
    let limits = Limits::of(environment)?;
    let Some(settings) = Settings::of::<Record>(environment)? else { return Ok(None) };
    LogExport::start(settings, limits, resource, store, background).map(Some)
}

impl LogExport {
    pub(super) fn start(
        settings: Settings,
        limits: Limits,
        resource: &Resource,
        store: &Store,
        background: &Background,
    ) -> Result<Self, InitError> {
        let export = Export::start(settings, store, background)?;
        export.set_resource(resource);
        Ok(Self { export, limits })
    }

    /// The layer that hands events over.
    pub(crate) fn layer(&self) -> OtlpLogLayer {
        OtlpLogLayer::new(self.export.clone(), self.limits)
    }

    /// Where they go: what the start line says.
    pub(crate) fn destination(&self) -> &str {
        self.export.destination()
    }

    /// Exports what there is and ends. What comes later is dropped, and counted. It blocks, but not for long.
    pub(crate) fn finish(&self) {
        self.export.finish();
    }
}
