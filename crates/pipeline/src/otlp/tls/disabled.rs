//! Without the feature `tls`, connections are plain.

use hyper_util::client::legacy::connect::HttpConnector;

use crate::error::InitError;
use crate::otlp::endpoint::{Endpoint, Protocol};
use crate::otlp::signal::Signal;
use crate::settings::Environment;

/// What connects to a collector.
pub(crate) type Connector = HttpConnector;

/// There is none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tls;

impl Tls {
    /// Whether an address may be `https://`.
    pub(crate) const SPOKEN: bool = false;

    #[allow(clippy::unnecessary_wraps, reason = "one face with the reading that can fail")]
    pub(crate) const fn of(_: Environment, _: Signal, _: &Endpoint) -> Result<Self, InitError> {
        Ok(Self)
    }

    pub(crate) fn connector(self, _: Protocol) -> Connector {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector
    }
}
