//! What is heard in the head of a callee's response.

use http::HeaderMap;
use tower_telemetry_core::{CacheStatus, Exchange};

/// What a callee says of a cache is said of the call, and, until its handler says better, of the exchange around it.
pub(crate) fn hear(exchange: &Exchange, headers: &HeaderMap) {
    if let Some(status) = CacheStatus::from_headers(headers) {
        exchange.set_cache_status(status);
        if let Some(outer) = exchange.caller() {
            outer.hear_cache_status(status);
        }
    }
}
