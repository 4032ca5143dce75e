//! Whether a connection is encrypted, and whom it trusts.

#[cfg(all(test, feature = "tls"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod arrival;
#[cfg(not(feature = "tls"))]
mod disabled;
#[cfg(feature = "tls")]
mod enabled;
#[cfg(feature = "tls")]
mod pem;

#[cfg(not(feature = "tls"))]
pub(crate) use self::disabled::{Connector, Tls};
#[cfg(feature = "tls")]
pub(crate) use self::enabled::{Connector, Tls};
