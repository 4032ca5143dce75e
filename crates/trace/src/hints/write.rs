//! A hint, written.

use http::{HeaderMap, HeaderValue};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::SERVER_TIMING;

const BEFORE: &[u8] = b"trace;desc=";

/// Adds to the headers that these ids are kept, beside what else `server-timing` says.
pub(crate) fn tell(ids: &TraceIds, headers: &mut HeaderMap) {
    let mut text = [0; BEFORE.len() + 55];
    let (before, after) = text.split_at_mut(BEFORE.len());
    before.copy_from_slice(BEFORE);
    after.copy_from_slice(&ids.traceparent());
    if let Ok(value) = HeaderValue::from_bytes(&text) {
        // A map of headers has room for 32,768; one that is full goes without.
        let _ = headers.try_append(SERVER_TIMING, value);
    }
}
