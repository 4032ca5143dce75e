//! The subscriber of `tracing` that `init` installs.

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::error::InitError;
use crate::settings::Environment;
use crate::telemetry::LogLayer;

/// What is written where `RUST_LOG` says nothing.
const DEFAULT_FILTER: &str = "info";

/// Installs a subscriber that writes log lines through this layer.
pub(crate) fn install(environment: Environment, layer: LogLayer) -> Result<(), InitError> {
    let directives = environment.get("RUST_LOG").unwrap_or_else(|| DEFAULT_FILTER.into());
    let filter = EnvFilter::try_new(&directives).map_err(|_| InitError::Environment {
        variable: "RUST_LOG",
        value: directives,
        expected: "directives such as `info` or `info,my_crate=debug`",
    })?;
    tracing::subscriber::set_global_default(Registry::default().with(filter).with(layer))
        .map_err(|_| InitError::Subscriber)
}
