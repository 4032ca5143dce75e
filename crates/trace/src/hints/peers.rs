//! Who is told, and whose word counts.

use std::fmt;
use std::sync::Arc;

use tower_telemetry_core::Authority;

/// Whether a server tells its callers that it keeps its part of a trace.
///
/// It tells only callers that it believes ([`Trust::Parent`](tower_telemetry_core::Trust::Parent)):
/// a stranger learns nothing of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Hints {
    /// Callers are told.
    #[default]
    Told,
    /// Nobody is told.
    Untold,
}

/// The callees whose hints a client believes; nobody's by default.
///
/// A callee that is believed can have traces kept, as many as a budget of the sampler allows.
#[derive(Clone, Default)]
pub struct Peers(Whom);

#[derive(Clone, Default)]
enum Whom {
    #[default]
    Nobody,
    Everybody,
    Fitting(Arc<dyn Fn(&Authority) -> bool + Send + Sync>),
}

impl Peers {
    /// Nobody is believed.
    #[must_use]
    pub const fn nobody() -> Self {
        Self(Whom::Nobody)
    }

    /// Every callee is believed: for a client that calls none but services of the same house.
    #[must_use]
    pub const fn everybody() -> Self {
        Self(Whom::Everybody)
    }

    /// Callees at these hosts are believed, whatever their port. Names are compared without regard to case.
    #[must_use]
    pub fn hosts(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let hosts: Vec<String> = hosts.into_iter().map(Into::into).collect();
        Self::fitting(move |server| hosts.iter().any(|host| host.eq_ignore_ascii_case(server.host)))
    }

    /// Callees of which this holds are believed.
    #[must_use]
    pub fn fitting(fits: impl Fn(&Authority) -> bool + Send + Sync + 'static) -> Self {
        Self(Whom::Fitting(Arc::new(fits)))
    }

    /// Whether a callee at this address is believed; one without an address only where everybody is.
    pub(crate) fn include(&self, server: Option<&Authority>) -> bool {
        match &self.0 {
            Whom::Nobody => false,
            Whom::Everybody => true,
            Whom::Fitting(fits) => server.is_some_and(|server| fits(server)),
        }
    }
}

impl fmt::Debug for Peers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Whom::Nobody => "Nobody",
            Whom::Everybody => "Everybody",
            Whom::Fitting(_) => "Fitting",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callee_is_believed_by_its_host() {
        let server = Authority::new("inventory.shop.internal", 443);
        let peers = Peers::hosts(["Inventory.Shop.Internal", "other"]);
        assert!(peers.include(Some(&server)));
        assert!(!peers.include(Some(&Authority::new("inventory.shop.internal.evil", 443))));
        assert!(!peers.include(None));
        assert!(!Peers::default().include(Some(&server)));
        assert!(Peers::everybody().include(None));
        assert!(Peers::fitting(|server| server.port == Some(443)).include(Some(&server)));
    }
}
