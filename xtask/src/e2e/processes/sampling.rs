//! Which traces the processes keep.

use std::time::Duration;

/// As the shop is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::e2e) enum Sampling {
    /// All of them.
    Full,
    /// One in a hundred, and at the end what matters.
    Production,
}

impl Sampling {
    pub(in crate::e2e) fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Production => "production",
        }
    }

    /// How long the traffic goes on: where little is kept, it takes its time until there is something to compare.
    pub(super) fn traffic(self) -> Duration {
        Duration::from_secs(match self {
            Self::Full => 6,
            Self::Production => 20,
        })
    }
}
