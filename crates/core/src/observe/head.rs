//! What is read of the head of a response.

use http::HeaderValue;

/// Whether this `content-type` is that of server-sent events, which only their reader ends.
#[must_use]
pub fn is_event_stream(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|byte| matches!(byte, b';' | b' ' | b'\t')).next();
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case(b"text/event-stream"))
}
