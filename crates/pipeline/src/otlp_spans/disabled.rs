//! Without the feature `otlp`, spans are exported nowhere.

use opentelemetry_sdk::trace::TracerProviderBuilder;

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

#[allow(clippy::unnecessary_wraps, reason = "one face with the export that can fail")]
pub(crate) fn export(
    _: Environment,
    builder: TracerProviderBuilder,
    _: &Background,
) -> Result<TracerProviderBuilder, InitError> {
    Ok(builder)
}

pub(crate) const fn destination(_: Environment) -> Option<String> {
    None
}
