//! The request-id window as a signal: accept or make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, request};
use tower_telemetry_core::names::field;
use tower_telemetry_core::{Exchange, ObserveLayer, RequestId, Side, Signal, Trust, TrustPolicy, Window};

use crate::header::Header;
use crate::observer::RequestIdObserver;
use crate::v7;

/// The layer of the request-id window, on either side.
pub type RequestIdLayer = ObserveLayer<RequestIds>;

/// The request-id window: every exchange has an id that its caller can quote.
#[derive(Debug, Clone)]
pub struct RequestIds {
    header: Header,
    trust: TrustPolicy,
    refused: Arc<AtomicU64>,
}

impl RequestIds {
    /// Ids in `x-request-id`, taken from callers that send a well-formed one.
    #[must_use]
    pub fn new() -> Self {
        Self { header: Header::default(), trust: TrustPolicy::default(), refused: Arc::default() }
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
        self.header = header.into();
        self
    }

    /// How many malformed ids this window and its clones met; each was replaced by a new one.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    fn receive(&self, exchange: &Exchange, head: &request::Parts) {
        let header = self.header.of(&head.headers);
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
        if let Some(id) = taken.or_else(|| v7::of_arrival(exchange)) {
            exchange.set_request_id(id);
        }
    }

    /// Sends on the id of the exchange that this call is made in; a well-formed one that the caller
    /// itself wrote into the request stands.
    fn send(&self, exchange: &Exchange, outer: Option<&RequestId>, headers: &mut HeaderMap) {
        let written = self.header.of(headers).and_then(RequestId::from_header);
        let known = written.or_else(|| exchange.request_id().cloned()).or_else(|| outer.cloned());
        if let Some(id) = known.or_else(|| v7::of_arrival(exchange)) {
            headers.insert(self.header.name(), id.header_value());
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
