//! The certificates that the environment names for a signal.

#[cfg(all(test, feature = "tls"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod arrival;

use http::uri::Scheme;

use super::endpoint::{Endpoint, Protocol};
use super::settings::own_or_all;
use super::signal::{Signal, Variable};
use crate::error::InitError;
use crate::settings::Environment;
use crate::tls::{Files, Speaks, Tls};

/// Reads the files that the environment names. A plain connection needs none.
pub(crate) fn of(environment: Environment, signal: Signal, endpoint: &Endpoint) -> Result<Tls, InitError> {
    if endpoint.uri.scheme() != Some(&Scheme::HTTPS) {
        return Tls::none();
    }
    let named = |variable| own_or_all(environment, signal, variable);
    Tls::of(Files {
        advice: Variable::CERTIFICATE.all,
        roots: named(Variable::CERTIFICATE),
        certificate: named(Variable::CLIENT_CERTIFICATE),
        key: named(Variable::CLIENT_KEY),
    })
}

impl Protocol {
    /// What is spoken below it.
    pub(crate) const fn speaks(self) -> Speaks {
        match self {
            Self::Grpc => Speaks::Http2,
            Self::HttpProtobuf => Speaks::Http1,
        }
    }
}
