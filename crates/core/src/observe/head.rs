//! The head of a response: what is read of it, and how it is lent out.

use http::{HeaderValue, Response, response};

/// Lends the head of a response out as its parts, without taking its body apart.
pub(super) fn with_parts<B>(response: &mut Response<B>, f: impl FnOnce(&mut response::Parts)) {
    let (mut parts, ()) = Response::new(()).into_parts();
    swap(response, &mut parts);
    f(&mut parts);
    swap(response, &mut parts);
}

fn swap<B>(response: &mut Response<B>, parts: &mut response::Parts) {
    std::mem::swap(&mut parts.status, response.status_mut());
    std::mem::swap(&mut parts.version, response.version_mut());
    std::mem::swap(&mut parts.headers, response.headers_mut());
    std::mem::swap(&mut parts.extensions, response.extensions_mut());
}

/// Whether this `content-type` is that of server-sent events, which only their reader ends.
#[must_use]
pub fn is_event_stream(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|byte| matches!(byte, b';' | b' ' | b'\t')).next();
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case(b"text/event-stream"))
}
