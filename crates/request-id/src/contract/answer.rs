//! What is written into the head of a response.

use http::{HeaderMap, HeaderName, HeaderValue};
use tower_telemetry_core::names::header::{
    SERVER_TIMING, TRACERESPONSE, X_CACHE_STATUS, X_RESPONSE_TIME_MS, X_TRACE_ID,
};
use tower_telemetry_core::{CacheStatus, Exchange, TraceIds};

use crate::contract::duties::Duties;
use crate::contract::standing::Standing;
use crate::contract::timing::{self, Line, Timing};
use crate::contract::{cors, text};
use crate::header::Header;

/// Writes the id into a response, and what there is of a contract.
pub(crate) fn answer(duties: Duties, exchange: &Exchange, header: &Header, headers: &mut HeaderMap) {
    if duties.include(Duties::CONTRACT) {
        tell(duties, exchange, header, headers);
    } else if let Some(id) = exchange.request_id().filter(|_| duties.include(Duties::ID)) {
        insert(headers, header.to_name(), id.header_value());
    }
}

fn tell(duties: Duties, exchange: &Exchange, header: &Header, headers: &mut HeaderMap) {
    let standing = Standing::of(headers);
    let is_told = |duty: Duties| duties.include(duty);
    let (ids, head) = (exchange.trace(), exchange.head_time());
    // The trace window knows best whether the trace is kept, and may have told it.
    let is_news = |ids: &_| !standing.timing || !timing::is_told(ids, headers);
    let timing = Timing {
        ids: ids.filter(|ids| is_told(Duties::TRACE_TIMING) && is_news(ids)),
        head: head.filter(|_| is_told(Duties::HEAD_TIMING)),
    };
    // It is composed before the id is written, and read behind it: whoever reads in whole words what has just been written in
    // pieces waits for it.
    let mut line = Line::new();
    line.write(&timing);
    if let Some(id) = exchange.request_id() {
        insert(headers, header.to_name(), id.header_value());
    }
    if let Some(line) = value(line.as_bytes()) {
        if standing.timing {
            append(headers, SERVER_TIMING, line);
        } else {
            insert(headers, SERVER_TIMING, line);
        }
    }
    if let Some(head) = head.filter(|_| is_told(Duties::RESPONSE_TIME)) {
        insert(headers, X_RESPONSE_TIME_MS, text::whole_millis(head));
    }
    if let Some(ids) = ids.filter(|_| duties.meet(Duties::TRACE_ID.and(Duties::TRACERESPONSE))) {
        tell_ids(duties, &ids, headers);
    }
    if let Some(status) = cache_status(exchange, standing, headers).filter(|_| is_told(Duties::CACHE_STATUS))
    {
        insert(headers, X_CACHE_STATUS, status.header_value());
    }
    if is_told(Duties::EXPOSE) || standing.cors && is_told(Duties::EXPOSE_WITH_RESPONSE) {
        cors::expose(header.name(), headers);
    }
}

/// Few tell them: code that is not entered is best kept away.
#[cold]
fn tell_ids(duties: Duties, ids: &TraceIds, headers: &mut HeaderMap) {
    if duties.include(Duties::TRACE_ID) {
        insert(headers, X_TRACE_ID, text::trace_id(ids.trace_id));
    }
    if duties.include(Duties::TRACERESPONSE) {
        insert(headers, TRACERESPONSE, ids.to_header_value());
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

/// A text that is there, and legal in a header: ours are.
fn value(text: &[u8]) -> Option<HeaderValue> {
    if text.is_empty() { None } else { HeaderValue::from_bytes(text).ok() }
}

/// Writes this field in place of all that stand there of its name.
// Its code is large, and entered several times.
#[inline(never)]
fn insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    // A map of headers has room for 32,768; one that is full goes without.
    let _ = headers.try_insert(name, value);
}

/// The same behind those that stand there.
#[cold]
fn append(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    let _ = headers.try_append(name, value);
}
