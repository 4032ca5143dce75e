//! Without the feature `otlp`, log records are exported nowhere.

use opentelemetry_sdk::Resource;
use tower_telemetry_metrics::Store;
use tracing::Subscriber;
use tracing_subscriber::Layer;

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum LogExport {}

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum OtlpLogLayer {}

#[allow(clippy::unnecessary_wraps, reason = "one face with the start that can fail")]
pub(crate) const fn start(
    _: Environment,
    _: &Resource,
    _: &Store,
    _: &Background,
) -> Result<Option<LogExport>, InitError> {
    Ok(None)
}

impl LogExport {
    pub(crate) fn layer(&self) -> OtlpLogLayer {
        match *self {}
    }

    pub(crate) fn destination(&self) -> &str {
        match *self {}
    }

    pub(crate) fn finish(&self) {
        match *self {}
    }
}

impl<S: Subscriber> Layer<S> for OtlpLogLayer {}
