//! The subscriber of `tracing` that `init` installs.

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::error::InitError;
use crate::log_records;
use crate::settings::Environment;
use crate::telemetry::LogLayer;

/// Installs a subscriber that writes log lines through this layer: those of `RUST_LOG`, else those
/// of the code's own directives.
pub(crate) fn install(environment: Environment, code: String, layer: LogLayer) -> Result<(), InitError> {
    let directives = environment.get("RUST_LOG").unwrap_or(code);
    let filter = EnvFilter::try_new(&directives)
        .map_err(|source| InitError::LogFilter { directives, source: Box::new(source) })?;
    tracing::subscriber::set_global_default(Registry::default().with(filter).with(layer))
        .map_err(|_| InitError::Subscriber)?;
    log_records::bridge();
    Ok(())
}
