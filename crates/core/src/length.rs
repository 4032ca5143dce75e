//! The announced length of a body.

use http::{HeaderMap, header};

/// The bytes that `content-length` announces, if it is well formed.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
