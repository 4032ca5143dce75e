//! Who is told, and whose word counts.

use tower_telemetry_core::Authority;

use crate::propagation::Destinations;

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
#[derive(Debug, Clone, Default)]
pub struct Peers(Option<Destinations>);

impl Peers {
    /// Nobody is believed.
    #[must_use]
    pub const fn nobody() -> Self {
        Self(None)
    }

    /// Every callee is believed: for a client that calls none but services of the same house.
    #[must_use]
    pub fn everybody() -> Self {
        Self(Some(Destinations::all()))
    }

    /// The callees of these names and addresses are believed, whatever their port; see [`Destinations::hosts`].
    #[must_use]
    pub fn hosts(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Some(Destinations::hosts(hosts)))
    }

    /// The callees are believed of which `believe` says so, by their name or address.
    #[must_use]
    pub fn by(believe: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Destinations::by(believe)))
    }

    /// Whether a callee at this address is believed; one without an address only where everybody is.
    pub(crate) fn include(&self, server: Option<&Authority>) -> bool {
        let Some(peers) = &self.0 else { return false };
        peers.allow_unknown() || server.is_some_and(|server| peers.allow(server.host))
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
        assert!(Peers::by(|host| host.ends_with(".internal")).include(Some(&server)));
    }
}
