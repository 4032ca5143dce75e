//! Without the feature `otlp`, spans are exported nowhere.

use opentelemetry_sdk::trace::SpanProcessor;

use crate::background::Background;
use crate::error::InitError;
use crate::settings::Environment;

#[allow(clippy::unnecessary_wraps, reason = "one face with the export that can fail")]
pub(crate) fn processor(_: Environment, _: &Background) -> Result<Option<Box<dyn SpanProcessor>>, InitError> {
    Ok(None)
}

pub(crate) const fn destination(_: Environment) -> Option<String> {
    None
}
