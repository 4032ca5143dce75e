//! Whether a connection is encrypted, and whom it trusts.

#[cfg(not(feature = "rustls"))]
mod disabled;
#[cfg(feature = "rustls")]
mod enabled;
#[cfg(feature = "rustls")]
pub(crate) mod pem;

#[cfg(not(feature = "rustls"))]
pub(crate) use self::disabled::{Connector, Tls};
#[cfg(feature = "rustls")]
pub(crate) use self::enabled::{Connector, Tls};

/// What is spoken on a connection, to be agreed upon with its encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    Http1,
    #[cfg_attr(not(feature = "otlp"), allow(dead_code, reason = "only gRPC speaks it"))]
    Http2,
}

/// Files in PEM, each with the variable that names it.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "rustls"), allow(dead_code, reason = "no file is read without TLS"))]
pub(crate) struct Files {
    /// The variable that may name certificates to trust.
    pub(crate) advice: &'static str,
    /// Certificates to trust in place of the system's.
    pub(crate) roots: Option<Named>,
    /// The certificate to show.
    pub(crate) certificate: Option<Named>,
    /// Its key.
    pub(crate) key: Option<Named>,
}

/// A variable, and the path that it holds.
pub(crate) type Named = (&'static str, String);
