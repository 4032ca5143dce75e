//! The way to Loki.

use std::future::Future;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy::Client as HyperClient;

use super::answer::Answer;
use super::destination::Destination;
use crate::quiet::{Quiet, quietly};
use crate::tls::{Connector, Speaks};

const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("tower-telemetry-loki/", env!("CARGO_PKG_VERSION")));

/// Brings a body to Loki; a test has its own.
pub(crate) trait Way {
    /// One attempt.
    fn push(&mut self, body: Bytes) -> impl Future<Output = Answer>;
}

/// A connection that is made when it is needed, and made again when it breaks.
#[derive(Debug)]
pub(crate) struct Client {
    client: HyperClient<Connector, Full<Bytes>>,
    uri: Uri,
    headers: HeaderMap,
}

impl Client {
    pub(crate) fn new(destination: Destination) -> Self {
        let Destination { uri, mut headers, tls } = destination;
        headers.insert(CONTENT_TYPE, PROTOBUF);
        headers.insert(USER_AGENT, AGENT);
        Self { client: HyperClient::builder(Quiet).build(tls.connector(Speaks::Http1)), uri, headers }
    }
}

impl Way for Client {
    async fn push(&mut self, body: Bytes) -> Answer {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        match quietly(self.client.request(request)).await {
            Ok(response) => Answer::of(&response),
            Err(_) => Answer::Unreachable,
        }
    }
}
