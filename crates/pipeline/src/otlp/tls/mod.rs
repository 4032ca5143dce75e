//! Whether a connection is encrypted, and whom it trusts.

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
