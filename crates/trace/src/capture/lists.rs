//! The lists of what is captured.

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use tower_telemetry_core::names::header_prefix;

use crate::capture::error::CaptureError;
use crate::capture::list::List;

/// Headers that carry nothing but credentials.
const CREDENTIALS: [HeaderName; 4] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];

/// Which headers and which metadata stand on spans, by name; none unless listed.
///
/// They become `http.request.header.<name>` and `http.response.header.<name>` of HTTP exchanges, and
/// `rpc.request.header.<name>`, `rpc.response.header.<name>` and `rpc.response.trailer.<name>` of gRPC's, each a list of
/// texts with the name in lower case. A value that is no ASCII text is told in base64; the binary metadata of gRPC
/// (`-bin`) is base64 already. A value is cut at 1,024 bytes, and a header has at most 16 of them.
///
/// Values that are marked as [sensitive](http::HeaderValue::is_sensitive) are never told, and the headers
/// `authorization`, `proxy-authorization`, `cookie` and `set-cookie` cannot be listed. What is not decided here is what
/// else a header of one's own may carry: list what one would write into a log.
#[derive(Debug, Clone, Default)]
pub struct Capture {
    pub(super) request: List,
    pub(super) response: List,
    pub(super) trailers: List,
}

impl Capture {
    /// Captures nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Captures these request headers, of gRPC the request metadata.
    ///
    /// # Errors
    /// One of them is no name of a header, or carries credentials.
    pub fn request(mut self, names: impl IntoIterator<Item = &'static str>) -> Result<Self, CaptureError> {
        self.request.add(names, header_prefix::HTTP_REQUEST_HEADER, header_prefix::RPC_REQUEST_HEADER)?;
        Ok(self)
    }

    /// Captures these response headers, of gRPC the metadata of the response head.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn response(mut self, names: impl IntoIterator<Item = &'static str>) -> Result<Self, CaptureError> {
        self.response.add(names, header_prefix::HTTP_RESPONSE_HEADER, header_prefix::RPC_RESPONSE_HEADER)?;
        Ok(self)
    }

    /// Captures this metadata of gRPC's trailers, which are the head where a call is answered without a message.
    ///
    /// The conventions have no name for trailers of HTTP, and those of gRPC-Web are a part of its body: neither is told.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn trailers(mut self, names: impl IntoIterator<Item = &'static str>) -> Result<Self, CaptureError> {
        self.trailers.add(names, header_prefix::RPC_RESPONSE_TRAILER, header_prefix::RPC_RESPONSE_TRAILER)?;
        Ok(self)
    }
}

pub(super) fn checked(name: &'static str) -> Result<HeaderName, CaptureError> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| CaptureError::Name(name))?;
    if CREDENTIALS.contains(&header) { Err(CaptureError::Credentials(name)) } else { Ok(header) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn credentials_cannot_be_listed() {
        for name in ["authorization", "Proxy-Authorization", "cookie", "Set-Cookie"] {
            assert_eq!(Capture::new().request([name]).unwrap_err(), CaptureError::Credentials(name));
            assert_eq!(Capture::new().response([name]).unwrap_err(), CaptureError::Credentials(name));
            assert_eq!(Capture::new().trailers([name]).unwrap_err(), CaptureError::Credentials(name));
        }
    }

    #[test]
    fn what_is_no_name_is_named_in_the_error() {
        let error = Capture::new().request(["x tenant"]).unwrap_err();
        assert_eq!(error.to_string(), "\"x tenant\" is no name of a header");
    }
}
