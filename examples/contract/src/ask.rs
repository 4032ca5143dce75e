//! Whom to ask, and how.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;

/// How the service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Protocol {
    /// `GET`, over HTTP/1.1, or HTTP/2 where a TLS connection agrees on it.
    Http,
    /// A call with one empty message, over HTTP/2.
    Grpc,
}

/// Whom to ask, and how.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What is asked for.
    pub uri: Uri,
    /// How the service is spoken to.
    pub protocol: Protocol,
    /// The header that carries the request id.
    pub id_header: HeaderName,
}

impl Ask {
    /// A request with these headers.
    pub(crate) fn request(&self, headers: &[(HeaderName, HeaderValue)]) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::default());
        *request.uri_mut() = self.uri.clone();
        if self.protocol == Protocol::Grpc {
            *request.method_mut() = Method::POST;
            // A message that is not compressed, of no bytes.
            *request.body_mut() = Full::new(Bytes::from_static(&[0; 5]));
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
            request.headers_mut().insert(header::TE, HeaderValue::from_static("trailers"));
        }
        for (name, value) in headers {
            request.headers_mut().append(name.clone(), value.clone());
        }
        request
    }

    /// The same for a path that the service cannot know.
    pub(crate) fn of_nowhere(&self) -> Self {
        const NOWHERE: &str = "/no-such-path.contract/Probe";
        let mut parts = self.uri.clone().into_parts();
        parts.path_and_query = Some(http::uri::PathAndQuery::from_static(NOWHERE));
        Self { uri: Uri::from_parts(parts).unwrap_or_else(|_| self.uri.clone()), ..self.clone() }
    }
}
