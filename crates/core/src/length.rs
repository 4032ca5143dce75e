//! The announced length of a body.

use http::HeaderValue;

/// The bytes that the value of `content-length` announces, if it is well formed.
pub(crate) fn announced(content_length: &HeaderValue) -> Option<u64> {
    content_length.to_str().ok()?.parse().ok()
}
