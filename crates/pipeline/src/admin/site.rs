//! What the pages are made of, and who may read them.

use std::net::SocketAddr;
use std::sync::Arc;

use tower_telemetry_metrics::Store;
use tower_telemetry_metrics::expose::{Created, Names};

use crate::admin::buffer::Buffers;
use crate::admin::readiness::Ready;
use crate::admin::token::Token;
use crate::error::InitError;
use crate::settings::Environment;

/// All that an answer needs. A clone is the same.
#[derive(Clone, Debug)]
pub(crate) struct Site(Arc<Parts>);

/// The parts of it.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) names: Names,
    pub(crate) created: Created,
    pub(crate) token: Option<Token>,
    pub(crate) ready: Ready,
    pub(crate) buffers: Buffers,
}

/// Whether strangers may read the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// Only on this machine, unless there is a token.
    #[default]
    Guarded,
    /// Wherever the address can be reached.
    Open,
}

impl Site {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The token, that of the environment over that of the code.
pub(crate) fn token(environment: Environment, code: Option<String>) -> Result<Option<Token>, InitError> {
    environment.get("TOWER_TELEMETRY_ADMIN_TOKEN").or(code).map(Token::new).transpose()
}

/// Refuses an address that others can reach, unless there is a token or that is what is wanted.
pub(crate) fn guard(
    environment: Environment,
    addr: SocketAddr,
    token: Option<&Token>,
    exposure: Exposure,
) -> Result<(), InitError> {
    let open = exposure == Exposure::Open || environment.is_true("TOWER_TELEMETRY_ADMIN_OPEN");
    if addr.ip().to_canonical().is_loopback() || token.is_some() || open {
        return Ok(());
    }
    Err(InitError::PublicAdmin { addr })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const NOTHING: Environment = Environment::of(|_| None);

    fn is_refused(addr: &str, token: Option<&str>, exposure: Exposure, environment: Environment) -> bool {
        let token = self::token(environment, token.map(str::to_owned)).unwrap();
        guard(environment, addr.parse().unwrap(), token.as_ref(), exposure).is_err()
    }

    #[test]
    fn what_others_can_reach_wants_a_token() {
        for addr in ["0.0.0.0:9464", "[::]:9464", "10.0.0.1:9464", "203.0.113.7:1", "[::ffff:10.0.0.1]:1"] {
            assert!(is_refused(addr, None, Exposure::Guarded, NOTHING), "{addr}");
            assert!(!is_refused(addr, Some("t"), Exposure::Guarded, NOTHING), "{addr}");
            assert!(!is_refused(addr, None, Exposure::Open, NOTHING), "{addr}");
        }
        for addr in ["127.0.0.1:9464", "127.1.2.3:9464", "[::1]:9464", "[::ffff:127.0.0.1]:9464"] {
            assert!(!is_refused(addr, None, Exposure::Guarded, NOTHING), "{addr}");
        }
    }

    #[test]
    fn an_operator_can_give_the_token_or_do_without() {
        let token = Environment::of(|name| (name == "TOWER_TELEMETRY_ADMIN_TOKEN").then(|| "t".into()));
        assert!(!is_refused("0.0.0.0:9464", None, Exposure::Guarded, token));
        let open = Environment::of(|name| (name == "TOWER_TELEMETRY_ADMIN_OPEN").then(|| "true".into()));
        assert!(!is_refused("0.0.0.0:9464", None, Exposure::Guarded, open));
    }
}
