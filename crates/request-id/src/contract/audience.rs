//! Who is told.

use tower_telemetry_core::Trust;

/// Who is told something in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// No caller.
    Nobody,
    /// Callers that are believed ([`Trust::Parent`]).
    Trusted,
    /// Every caller, strangers too.
    Everybody,
}

impl Audience {
    pub(crate) fn includes(self, caller: Trust) -> bool {
        match self {
            Self::Nobody => false,
            Self::Trusted => caller == Trust::Parent,
            Self::Everybody => true,
        }
    }
}
