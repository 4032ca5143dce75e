//! The way an exchange ended.

/// The way an exchange ended. Told exactly once for every exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The whole response was handed to the transport (server) or to the caller (client).
    Complete,
    /// The service or the response body gave an error.
    Failed,
    /// The future or the body was dropped before its end: a cancel, a timeout, a lost connection.
    Dropped,
    /// The service or the body panicked.
    Panicked,
    /// The connection left HTTP: 101 Switching Protocols, or success to a CONNECT.
    Upgraded,
}

impl Ending {
    /// Every ending, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Complete, Self::Failed, Self::Dropped, Self::Panicked, Self::Upgraded];

    /// `complete`, `failed`, `dropped`, `panicked` or `upgraded`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Panicked => "panicked",
            Self::Upgraded => "upgraded",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_have_closed_names() {
        let endings = Ending::ALL.map(Ending::as_str);
        assert_eq!(endings, ["complete", "failed", "dropped", "panicked", "upgraded"]);
    }
}
