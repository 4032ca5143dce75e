//! Without the feature `otlp`, metrics are pushed nowhere.

use opentelemetry_sdk::Resource;
use tower_telemetry_metrics::Store;

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

/// There is none.
#[derive(Debug)]
pub(crate) enum Push {}

#[allow(clippy::unnecessary_wraps, reason = "one face with the start that can fail")]
pub(crate) fn start(
    _: Environment,
    _: &Resource,
    _: &Store,
    _: &Background,
) -> Result<Option<Push>, InitError> {
    Ok(None)
}

impl Push {
    pub(crate) fn destination(&self) -> &str {
        match *self {}
    }

    pub(crate) fn finish(self) {
        match self {}
    }
}
