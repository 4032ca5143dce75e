//! The request-id window as a signal: accept or make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, request};
use tower_telemetry_core::names::{field, header};
use tower_telemetry_core::trace_ids::TraceId;
use tower_telemetry_core::{Exchange, ObserveLayer, RequestId, Side, Signal, Trust, TrustPolicy, Window};
use uuid::Builder;
use uuid::fmt::Hyphenated;

use crate::observer::RequestIdObserver;

/// The layer of the request-id window, on either side.
pub type RequestIdLayer = ObserveLayer<RequestIds>;

/// The request-id window: every exchange has an id that its caller can quote.
#[derive(Debug, Clone)]
pub struct RequestIds {
    header: HeaderName,
    trust: TrustPolicy,
    refused: Arc<AtomicU64>,
}

impl RequestIds {
    /// Ids in `x-request-id`, taken from callers that send a well-formed one.
    #[must_use]
    pub fn new() -> Self {
        Self { header: header::X_REQUEST_ID, trust: TrustPolicy::default(), refused: Arc::default() }
    }

    /// Believes callers in this way: only [`Trust::Parent`] takes their ids.
    ///
    /// With [`Trust::Link`] a well-formed id of the caller's is kept apart, in `client_request_id`.
    #[must_use]
    pub fn with_trust(mut self, trust: impl Into<TrustPolicy>) -> Self {
        self.trust = trust.into();
        self
    }

    /// Reads and writes this header in place of `x-request-id`.
    #[must_use]
    pub fn with_header(mut self, header: HeaderName) -> Self {
        self.header = header;
        self
    }

    /// How many malformed ids this window and its clones met; each was replaced by a new one.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    fn receive(&self, exchange: &Exchange, head: &request::Parts) {
        let header = head.headers.get(&self.header);
        let told = header.and_then(RequestId::from_header);
        if header.is_some() && told.is_none() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        let taken = match self.trust.of(head) {
            Trust::Parent => told,
            Trust::Link => {
                if let Some(told) = told {
                    exchange.set(field::CLIENT_REQUEST_ID, told.as_str().to_owned());
                }
                None
            }
            Trust::Never => None,
        };
        if let Some(id) = taken.or_else(make) {
            exchange.set_request_id(id);
        }
    }

    /// Sends on the id of the exchange that this call is made in; a well-formed one that the caller
    /// itself wrote into the request stands.
    fn send(&self, exchange: &Exchange, outer: Option<&RequestId>, headers: &mut HeaderMap) {
        let written = headers.get(&self.header).and_then(RequestId::from_header);
        let id = written.or_else(|| exchange.request_id().cloned()).or_else(|| outer.cloned()).or_else(make);
        if let Some(id) = id {
            headers.insert(self.header.clone(), id.header_value());
            exchange.set_request_id(id);
        }
    }
}

impl Default for RequestIds {
    fn default() -> Self {
        Self::new()
    }
}

impl Signal for RequestIds {
    const WINDOW: Window = Window::REQUEST_ID;

    type Observer = RequestIdObserver;

    fn start(&self, exchange: &Exchange, head: &mut request::Parts) -> RequestIdObserver {
        match exchange.side {
            Side::Server => {
                self.receive(exchange, head);
                RequestIdObserver::echoing(self.header.clone())
            }
            Side::Client => {
                let outer = exchange.caller().and_then(|outer| outer.request_id().cloned());
                self.send(exchange, outer.as_ref(), &mut head.headers);
                RequestIdObserver::silent()
            }
        }
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<RequestIdObserver> {
        Some(self.start(exchange, head))
    }
}

/// A new id: UUIDv7, so that ids sort by time.
///
/// Not `Uuid::now_v7`, whose ids also keep their order within a millisecond: all threads share its counter, behind a
/// lock. 74 random bits of this thread cost half as much, and nobody waits.
fn make() -> Option<RequestId> {
    #[allow(clippy::disallowed_methods, reason = "an id tells the time when it was made")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // As much randomness as an id has room for.
    let [random @ .., _, _, _, _, _, _] = TraceId::random().to_bytes();
    let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    let mut text = [0; Hyphenated::LENGTH];
    let id = Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    RequestId::new(id.hyphenated().encode_lower(&mut text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use uuid::{Uuid, Version};

    use super::*;

    #[test]
    fn a_new_id_is_a_version_7_of_now_and_no_other() {
        #[allow(clippy::disallowed_methods, reason = "to compare with")]
        let seconds = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let before = seconds();
        let ids: Vec<Uuid> = (0..1_000).map(|_| make().unwrap().as_str().parse().unwrap()).collect();
        let after = seconds();
        for id in &ids {
            assert_eq!(id.get_version(), Some(Version::SortRand));
            let (made, _) = id.get_timestamp().unwrap().to_unix();
            assert!((before..=after).contains(&made), "{before} {made} {after}");
        }
        let mut different = ids.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), ids.len());
    }
}
