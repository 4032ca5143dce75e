//! The request-id window as a signal: accept or make, and send on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue, request};
use tower_telemetry_core::names::{field, header};
use tower_telemetry_core::{Exchange, ObserveLayer, RequestId, Side, Signal, Trust, TrustPolicy, Window};

use crate::contract::ResponseContract;
use crate::maker::Maker;
use crate::observer::{Asker, RequestIdObserver};
use crate::sanitised::sanitised;

/// The layer of the request-id window, on either side.
pub type RequestIdLayer = ObserveLayer<RequestIds>;

/// The request-id window: every exchange has an id that its caller can quote.
///
/// With a [contract](Self::with_contract) it also writes what else a response tells of its exchange.
#[derive(Debug, Clone)]
pub struct RequestIds {
    chosen: Arc<Chosen>,
    refused: Arc<AtomicU64>,
}

/// What was chosen of the window.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub(crate) header: HeaderName,
    pub(crate) contract: Option<ResponseContract>,
    trust: TrustPolicy,
    maker: Maker,
}

impl RequestIds {
    /// Ids in `x-request-id`, taken from callers that send a well-formed one.
    #[must_use]
    pub fn new() -> Self {
        let chosen = Chosen {
            header: header::X_REQUEST_ID,
            contract: None,
            trust: TrustPolicy::default(),
            maker: Maker::default(),
        };
        Self { chosen: Arc::new(chosen), refused: Arc::default() }
    }

    /// Believes callers in this way: only [`Trust::Parent`] takes their ids.
    ///
    /// An id that is not taken is kept apart, in `client_request_id`, but for [`Trust::Never`].
    #[must_use]
    pub fn with_trust(mut self, trust: impl Into<TrustPolicy>) -> Self {
        Arc::make_mut(&mut self.chosen).trust = trust.into();
        self
    }

    /// Reads and writes this header in place of `x-request-id`, on both sides.
    #[must_use]
    pub fn with_header(mut self, header: HeaderName) -> Self {
        Arc::make_mut(&mut self.chosen).header = header;
        self
    }

    /// Makes new ids in this way; where it gives none, a UUIDv7 is made.
    ///
    /// It is called on the request path, so it must neither wait nor panic.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use tower_telemetry_request_id::{RequestId, RequestIds};
    ///
    /// let count = AtomicU64::new(0);
    /// let ids = RequestIds::new().with_maker(move |_head| {
    ///     RequestId::new(&format!("shop-{}", count.fetch_add(1, Ordering::Relaxed)))
    /// });
    /// # let _ = ids;
    /// ```
    #[must_use]
    pub fn with_maker(
        mut self,
        make: impl Fn(&request::Parts) -> Option<RequestId> + Send + Sync + 'static,
    ) -> Self {
        Arc::make_mut(&mut self.chosen).maker = Maker::own(make);
        self
    }

    /// Writes these headers into responses, beside the id.
    #[must_use]
    pub fn with_contract(mut self, contract: ResponseContract) -> Self {
        Arc::make_mut(&mut self.chosen).contract = Some(contract);
        self
    }

    /// How many malformed ids this window and its clones met; each was replaced by a new one.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Takes the id of the caller, or makes one; says how the caller is believed.
    fn receive(&self, exchange: &Exchange, head: &mut request::Parts) -> Trust {
        let Chosen { header, trust, maker, contract: _ } = &*self.chosen;
        let trust = trust.of(head);
        let mut lines = head.headers.get_all(header).iter();
        let id = match (lines.next(), lines.next()) {
            (None, _) => maker.make(head),
            // Of two lines, either could be the forged one.
            (Some(line), other) => {
                let told = if other.is_none() { RequestId::from_header(line) } else { None };
                if told.is_none() {
                    self.refused.fetch_add(1, Ordering::Relaxed);
                }
                match (trust, told) {
                    (Trust::Parent, Some(told)) => Some(told),
                    _ => {
                        keep_apart(exchange, trust, line);
                        let made = maker.make(head);
                        // Nobody further in is to meet an id that was not taken, and pass it on.
                        match &made {
                            Some(made) => head.headers.insert(header.clone(), made.header_value()),
                            None => head.headers.remove(header),
                        };
                        made
                    }
                }
            }
        };
        if let Some(id) = id {
            exchange.set_request_id(id);
        }
        trust
    }

    /// Sends on the id of the exchange that this call is made in; a well-formed one that the caller
    /// itself wrote into the request stands.
    fn send(&self, exchange: &Exchange, head: &mut request::Parts) {
        let Chosen { header, maker, .. } = &*self.chosen;
        let outer = || exchange.caller().and_then(|outer| outer.request_id().cloned());
        let id = written(&head.headers, header)
            .or_else(|| exchange.request_id().cloned())
            .or_else(outer)
            .or_else(|| maker.make(head));
        if let Some(id) = id {
            head.headers.insert(header.clone(), id.header_value());
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
                let trust = self.receive(exchange, head);
                let asker = Asker::of(trust, &head.headers);
                RequestIdObserver::answering(Arc::clone(&self.chosen), asker)
            }
            Side::Client => {
                self.send(exchange, head);
                if self.chosen.contract.is_some() {
                    RequestIdObserver::hearing()
                } else {
                    RequestIdObserver::silent()
                }
            }
        }
    }

    fn pass(&self, exchange: &Exchange, head: &mut request::Parts) -> Option<RequestIdObserver> {
        Some(self.start(exchange, head))
    }
}

/// Keeps the id that was not taken, in a form that nothing can be broken out of with.
fn keep_apart(exchange: &Exchange, trust: Trust, line: &HeaderValue) {
    if trust != Trust::Never
        && let Some(told) = sanitised(line.as_bytes())
    {
        exchange.set(field::CLIENT_REQUEST_ID, told);
    }
}

/// The only id that stands there, if it is well formed.
fn written(headers: &HeaderMap, header: &HeaderName) -> Option<RequestId> {
    let mut lines = headers.get_all(header).iter();
    match (lines.next(), lines.next()) {
        (Some(line), None) => RequestId::from_header(line),
        _ => None,
    }
}
