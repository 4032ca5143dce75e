//! The subscriber of `tracing` that a set-up makes.

use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::error::InitError;
use crate::log_records;
use crate::otlp_logs::OtlpLogLayer;
use crate::settings::Environment;
use crate::telemetry::LogLayer;

/// Which lines are written where nothing is said.
const DEFAULT: &str = "info";

/// A subscriber that writes log lines through this layer, and exports them: those of `RUST_LOG`, else
/// those of the code's own directives.
pub(crate) fn make(
    environment: Environment,
    code: Option<String>,
    layer: LogLayer,
    export: Option<OtlpLogLayer>,
) -> Result<Dispatch, InitError> {
    let directives = environment.get("RUST_LOG").or(code).unwrap_or_else(|| DEFAULT.to_owned());
    let filter = EnvFilter::try_new(&directives)
        .map_err(|source| InitError::LogFilter { directives, source: Box::new(source) })?;
    Ok(match export {
        // Known to be all: access lines need no event.
        None => layer.alone_behind(filter),
        Some(export) => Dispatch::new(Registry::default().with(filter).with(layer).with(export)),
    })
}

/// Makes it everybody's.
pub(crate) fn install(subscriber: Dispatch) -> Result<(), InitError> {
    tracing::dispatcher::set_global_default(subscriber).map_err(|_| InitError::Subscriber)?;
    log_records::bridge();
    Ok(())
}
