//! The request-id window as a signal: accept or make, and send on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderName, HeaderValue, request};
use tower_telemetry_core::names::field;
use tower_telemetry_core::{Exchange, ObserveLayer, RequestId, Side, Signal, Trust, TrustPolicy, Window};

use crate::contract::{Duties, ResponseContract};
use crate::header::{Header, Origin, Told};
use crate::maker::Maker;
use crate::observer::RequestIdObserver;
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
struct Chosen {
    header: Header,
    trust: TrustPolicy,
    maker: Maker,
    /// At the head of a response to a caller that is believed.
    trusted: Duties,
    /// At that to any other.
    foreign: Duties,
}

impl RequestIds {
    /// Ids in `x-request-id`, taken from callers that send a well-formed one.
    #[must_use]
    pub fn new() -> Self {
        let chosen = Chosen {
            header: Header::default(),
            trust: TrustPolicy::default(),
            maker: Maker::default(),
            trusted: Duties::ID,
            foreign: Duties::ID,
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
        Arc::make_mut(&mut self.chosen).header = header.into();
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
        let chosen = Arc::make_mut(&mut self.chosen);
        chosen.trusted = Duties::ID.and(contract.duties(Trust::Parent));
        chosen.foreign = Duties::ID.and(contract.duties(Trust::Link));
        self
    }

    /// How many malformed ids this window and its clones met; each was replaced by a new one.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Takes the id of the caller, or makes one; says how it is believed, and whether a page of another origin asked.
    fn receive(&self, exchange: &Exchange, head: &mut request::Parts) -> (Trust, Origin) {
        let Chosen { header, trust, maker, .. } = &*self.chosen;
        let trust = trust.of(head);
        let (told, origin) = header.look(&head.headers);
        let (line, fit) = match told {
            Told::Once(line) => (line, RequestId::from_header(line)),
            // Either could be the forged one.
            Told::Again(line) => (line, None),
            // Nearly every request of a stranger.
            Told::Never => {
                maker.make_first(exchange, head);
                return (trust, origin);
            }
        };
        if fit.is_none() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        // Another attempt at the same request has its id already.
        let own = exchange.request_id().cloned();
        let taken = || fit.clone().filter(|_| trust == Trust::Parent);
        let id = own.or_else(taken).unwrap_or_else(|| maker.make(exchange, head));
        if fit.as_ref() != Some(&id) {
            keep_apart(exchange, trust, line);
            // Nobody further in is to meet an id that was not taken, and pass it on.
            head.headers.insert(header.name(), id.header_value());
        }
        exchange.set_request_id(id);
        (trust, origin)
    }

    /// Sends on the id of the exchange that this call is made in; a well-formed one that the caller
    /// itself wrote into the request stands.
    fn send(&self, exchange: &Exchange, head: &mut request::Parts) {
        let Chosen { header, maker, .. } = &*self.chosen;
        let written = match header.look(&head.headers).0 {
            Told::Once(line) => RequestId::from_header(line),
            Told::Never | Told::Again(_) => None,
        };
        let outer = || exchange.caller().and_then(|outer| outer.request_id().cloned());
        let known = written.or_else(|| exchange.request_id().cloned()).or_else(outer);
        let id = known.unwrap_or_else(|| maker.make(exchange, head));
        head.headers.insert(header.name(), id.header_value());
        exchange.set_request_id(id);
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
                let (caller, origin) = self.receive(exchange, head);
                let Chosen { header, trusted, foreign, .. } = &*self.chosen;
                let duties = if caller == Trust::Parent { *trusted } else { *foreign };
                let is_exposed = origin == Origin::Told && duties.include(Duties::EXPOSE_WITH_RESPONSE);
                let duties = if is_exposed { duties.and(Duties::EXPOSE) } else { duties };
                RequestIdObserver::answering(header.clone(), duties)
            }
            Side::Client => {
                self.send(exchange, head);
                if self.chosen.trusted.include(Duties::CONTRACT) {
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
