//! Whom a server believes, request by request.

use std::fmt;
use std::sync::Arc;

use http::request;

use crate::trust::Trust;

/// How a server believes its callers: all alike, or each by what its request says.
///
/// One policy serves the trace window and the request-id window, so that they believe the same callers.
///
/// ```
/// use std::net::SocketAddr;
/// use tower_telemetry_core::{Trust, TrustPolicy};
///
/// let all_alike = TrustPolicy::from(Trust::Link);
///
/// // By peer: axum and tonic leave its address in the extensions of the request.
/// # #[derive(Clone)] struct ConnectInfo(SocketAddr);
/// let by_peer = TrustPolicy::by(|head| match head.extensions.get::<ConnectInfo>() {
///     Some(ConnectInfo(peer)) if peer.ip().is_loopback() => Trust::Parent,
///     _ => Trust::Link,
/// });
/// # let _ = (all_alike, by_peer);
/// ```
#[derive(Clone)]
pub struct TrustPolicy(Policy);

#[derive(Clone)]
enum Policy {
    Always(Trust),
    By(Arc<dyn Fn(&request::Parts) -> Trust + Send + Sync>),
}

impl TrustPolicy {
    /// Believes each caller as `decide` says of the head of its request.
    ///
    /// It is asked once by each window, before anything of the caller's is looked at. A header is what any caller may
    /// write: one that decides has to be a secret, or to be removed from foreign requests by a proxy.
    pub fn by(decide: impl Fn(&request::Parts) -> Trust + Send + Sync + 'static) -> Self {
        Self(Policy::By(Arc::new(decide)))
    }

    /// How the caller of this request is believed.
    #[must_use]
    pub fn of(&self, head: &request::Parts) -> Trust {
        match &self.0 {
            Policy::Always(trust) => *trust,
            Policy::By(decide) => decide(head),
        }
    }
}

impl Default for TrustPolicy {
    fn default() -> Self {
        Trust::default().into()
    }
}

impl From<Trust> for TrustPolicy {
    fn from(trust: Trust) -> Self {
        Self(Policy::Always(trust))
    }
}

impl fmt::Debug for TrustPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Policy::Always(trust) => trust.fmt(f),
            Policy::By(_) => f.write_str("TrustPolicy::by(..)"),
        }
    }
}
