//! What a span may want of a request head, kept until it is known whether there is a span.

use http::header::{HOST, USER_AGENT};
use http::{HeaderValue, Method, Uri, request};

/// Cheap clones of what a request head says, without an attribute built: a late span is made of them.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) host: Option<HeaderValue>,
    pub(crate) forwarded_host: Option<HeaderValue>,
    pub(crate) user_agent: Option<HeaderValue>,
}

impl Arrival {
    pub(crate) fn of(head: &request::Parts) -> Self {
        Self {
            method: head.method.clone(),
            uri: head.uri.clone(),
            host: head.headers.get(HOST).cloned(),
            forwarded_host: head.headers.get("x-forwarded-host").cloned(),
            user_agent: head.headers.get(USER_AGENT).cloned(),
        }
    }
}
