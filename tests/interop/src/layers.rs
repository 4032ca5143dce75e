//! Where the layers of telemetry stand.

use clap::ValueEnum;

/// Where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layers {
    /// Nowhere.
    Bare,
    /// Where the frameworks put them: axum's `Router::layer`, tonic's `Server::layer`.
    Inside,
    /// Around the whole service, and around the bodies of requests, too.
    Around,
}
