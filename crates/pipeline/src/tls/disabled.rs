//! Without TLS, connections are plain.

use hyper_util::client::legacy::connect::HttpConnector;

use super::{Files, Speaks};
use crate::error::InitError;

/// What connects to a server.
pub(crate) type Connector = HttpConnector;

/// There is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tls;

impl Tls {
    /// Whether an address may be `https://`.
    pub(crate) const SPOKEN: bool = false;

    #[allow(clippy::unnecessary_wraps, reason = "one face with the reading that can fail")]
    pub(crate) const fn none() -> Result<Self, InitError> {
        Ok(Self)
    }

    #[allow(clippy::unnecessary_wraps, reason = "one face with the reading that can fail")]
    pub(crate) fn of(_: Files) -> Result<Self, InitError> {
        Ok(Self)
    }

    pub(crate) fn connector(self, _: Speaks) -> Connector {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector
    }
}
