//! Which headers are written, for whom.

use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::header::{TRACERESPONSE, X_CACHE_STATUS, X_RESPONSE_TIME_MS, X_TRACE_ID};
use tower_telemetry_core::{CacheStatus, Exchange};

use crate::contract::audience::Audience;
use crate::contract::standing::Standing;
use crate::contract::{cors, text, timing};
use crate::header::Origin;
use crate::observer::Asker;

/// What a response tells its caller beside the request id: a table of headers and who is told.
///
/// | header | says | told by default |
/// |---|---|---|
/// | `server-timing: trace;desc=00-..` | the ids of the server's span, and whether it is sampled | trusted callers |
/// | `server-timing: head;dur=0.412` | milliseconds from arrival to the response head | everybody |
/// | `x-response-time-ms` | the same in whole milliseconds; never the time to the end | everybody |
/// | `x-cache-status` | a [`CacheStatus`], where there is one | everybody |
/// | `x-trace-id` | the trace id alone | nobody |
/// | `traceresponse` | the ids as an earlier draft of W3C Trace Context had them | nobody |
///
/// `server-timing` is appended: what the program says there stays. Pages of other origins may read these headers where
/// they may read the response: they are appended to `access-control-expose-headers`.
///
/// ```
/// use tower_telemetry_core::SignalExt;
/// use tower_telemetry_request_id::{Audience, RequestIds, ResponseContract};
///
/// let contract = ResponseContract::new()
///     .with_trace_id(Audience::Everybody) // so that a customer can quote it
///     .with_head_timing(Audience::Trusted);
/// let layer = RequestIds::new().with_contract(contract).server();
/// # let _ = layer;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "it is told to the window with `RequestIds::with_contract`"]
pub struct ResponseContract {
    trace_timing: Audience,
    head_timing: Audience,
    response_time: Audience,
    cache_status: Audience,
    trace_id: Audience,
    traceresponse: Audience,
    exposed: Exposed,
}

/// Whether pages of other origins may read the headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Exposed {
    WithTheResponse,
    Never,
}

impl ResponseContract {
    /// The contract as the table has it by default.
    pub const fn new() -> Self {
        Self {
            trace_timing: Audience::Trusted,
            head_timing: Audience::Everybody,
            response_time: Audience::Everybody,
            cache_status: Audience::Everybody,
            trace_id: Audience::Nobody,
            traceresponse: Audience::Nobody,
            exposed: Exposed::WithTheResponse,
        }
    }

    /// Tells these the ids of the server's span, in `server-timing`.
    ///
    /// A trace window with a decision of its own tells callers that are believed of traces that it keeps, whatever is
    /// said here: that is turned off at the window.
    pub const fn with_trace_timing(mut self, audience: Audience) -> Self {
        self.trace_timing = audience;
        self
    }

    /// Tells these the time to the response head, in `server-timing`.
    pub const fn with_head_timing(mut self, audience: Audience) -> Self {
        self.head_timing = audience;
        self
    }

    /// Tells these the time to the response head, in `x-response-time-ms`.
    pub const fn with_response_time(mut self, audience: Audience) -> Self {
        self.response_time = audience;
        self
    }

    /// Tells these what a cache had to do with the response, in `x-cache-status`.
    pub const fn with_cache_status(mut self, audience: Audience) -> Self {
        self.cache_status = audience;
        self
    }

    /// Tells these the trace id alone, in `x-trace-id`.
    pub const fn with_trace_id(mut self, audience: Audience) -> Self {
        self.trace_id = audience;
        self
    }

    /// Tells these the ids of the server's span, in `traceresponse`.
    pub const fn with_traceresponse(mut self, audience: Audience) -> Self {
        self.traceresponse = audience;
        self
    }

    /// Leaves `access-control-expose-headers` as the program has it.
    pub const fn without_exposed_headers(mut self) -> Self {
        self.exposed = Exposed::Never;
        self
    }

    /// Writes the headers of the contract into a response that has its request id.
    pub(crate) fn answer(&self, exchange: &Exchange, asker: Asker, id: &HeaderName, headers: &mut HeaderMap) {
        let standing = Standing::of(headers);
        let to = |audience: Audience| audience.includes(asker.trust);
        let ids = exchange.trace();
        let head = exchange.head_time();
        timing::write(
            ids.filter(|_| to(self.trace_timing)).as_ref(),
            head.filter(|_| to(self.head_timing)),
            headers,
        );
        if let Some(head) = head.filter(|_| to(self.response_time)) {
            insert(headers, X_RESPONSE_TIME_MS, text::whole_millis(head));
        }
        if let Some(ids) = ids.filter(|_| to(self.trace_id)) {
            insert(headers, X_TRACE_ID, text::trace_id(ids.trace_id));
        }
        if let Some(ids) = ids.filter(|_| to(self.traceresponse)) {
            insert(headers, TRACERESPONSE, ids.to_header_value());
        }
        if let Some(status) = cache_status(exchange, standing, headers).filter(|_| to(self.cache_status)) {
            insert(headers, X_CACHE_STATUS, status.header_value());
        }
        let is_meant = standing.cors || asker.origin == Origin::Told;
        if is_meant && self.exposed == Exposed::WithTheResponse {
            cors::expose(id, headers);
        }
    }
}

impl Default for ResponseContract {
    fn default() -> Self {
        Self::new()
    }
}

/// What a callee says of a cache is said of the call, and, until its handler says better, of the exchange around it.
pub(crate) fn hear(exchange: &Exchange, headers: &HeaderMap) {
    if let Some(status) = CacheStatus::from_headers(headers) {
        exchange.set_cache_status(status);
        if let Some(outer) = exchange.caller() {
            outer.hear_cache_status(status);
        }
    }
}

/// What is said of a cache: on the card by the handler, else in the header that the program wrote, else by callees. It is
/// on the card then, for the span, the lines and the metrics.
fn cache_status(exchange: &Exchange, standing: Standing, headers: &HeaderMap) -> Option<CacheStatus> {
    let written = || if standing.cache_status { CacheStatus::from_headers(headers) } else { None };
    let own = exchange.own_cache_status();
    let status = own.or_else(written).or_else(|| exchange.cache_status())?;
    if own.is_none() {
        exchange.set_cache_status(status);
    }
    Some(status)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    // A map of headers has room for 32,768; one that is full goes without.
    let _ = headers.try_insert(name, value);
}
