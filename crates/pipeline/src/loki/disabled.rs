//! Without the feature `loki`, lines are pushed nowhere.

use std::sync::Arc;

use opentelemetry_sdk::Resource;
use tower_telemetry_log::LineSink;
use tower_telemetry_metrics::Store;

use crate::error::InitError;
use crate::settings::Environment;

/// There is none.
pub(crate) type Choice = ();

/// There is none.
#[derive(Debug)]
pub(crate) enum LokiPush {}

#[allow(clippy::unnecessary_wraps, reason = "one face with the start that can fail")]
pub(crate) const fn start(
    _: Environment,
    (): Choice,
    _: &Resource,
    _: &Store,
) -> Result<Option<LokiPush>, InitError> {
    Ok(None)
}

/// The variable that asks for Loki, in vain.
pub(crate) fn unheard(environment: Environment) -> Option<&'static str> {
    const URL: &str = "LOKI_URL";
    environment.get(URL).map(|_| URL)
}

impl LokiPush {
    pub(crate) fn destination(&self) -> &str {
        match *self {}
    }

    pub(crate) fn sink(&self) -> Arc<dyn LineSink> {
        match *self {}
    }

    pub(crate) fn finish(&self) {
        match *self {}
    }
}
