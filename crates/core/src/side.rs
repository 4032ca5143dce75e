//! The two ends of an exchange.

/// Which end of the exchange is watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The exchange was received.
    Server,
    /// The exchange was sent.
    Client,
}

impl Side {
    /// `server` or `client`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}
