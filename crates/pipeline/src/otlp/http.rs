//! OTLP over HTTP, in protobuf.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;

use super::compression::Compression;
use super::failure::{Advice, Failure, whole};
use super::settings::Destination;
use crate::quiet::Quiet;
use crate::retry_after;
use crate::tls::Connector;

/// An answer says little; what says more is not a collector's.
const ANSWER_MAX: usize = 64 * 1024;
const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("tower-telemetry-otlp/", env!("CARGO_PKG_VERSION")));

/// A client of the collector.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client<Connector, Full<Bytes>>,
    uri: Uri,
    headers: HeaderMap,
    compression: Compression,
}

impl Http {
    pub(crate) fn new(destination: Destination) -> Self {
        let Destination { endpoint, mut headers, timeout: _, compression, tls } = destination;
        headers.insert(CONTENT_TYPE, PROTOBUF);
        headers.entry(USER_AGENT).or_insert(AGENT);
        let client = Client::builder(Quiet).build(tls.connector(endpoint.protocol.speaks()));
        Self { client, uri: endpoint.uri, headers, compression }
    }

    pub(crate) async fn send(&mut self, request: Bytes) -> Result<Bytes, Failure> {
        let (body, coding) = self.compression.pack(request);
        let mut sent = Request::post(self.uri.clone())
            .body(Full::from(body))
            .map_err(|error| Failure::new(Advice::GiveUp, error.to_string()))?;
        *sent.headers_mut() = self.headers.clone();
        if let Some(coding) = coding {
            sent.headers_mut().insert(CONTENT_ENCODING, coding);
        }
        let response =
            self.client.request(sent).await.map_err(|error| Failure::unreachable(whole(&error)))?;
        if let Some(failure) = failure(&response) {
            return Err(failure);
        }
        // It has been taken; what a strange answer adds to that is nothing.
        let body = Limited::new(response.into_body(), ANSWER_MAX).collect().await;
        Ok(body.map(|body| body.to_bytes()).unwrap_or_default())
    }
}

fn failure<B>(response: &Response<B>) -> Option<Failure> {
    let status = response.status();
    let passes = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    let advice = match (passes, retry_after::asked(response.headers())) {
        (true, Some(wait)) => Advice::RetryAfter(wait),
        (true, None) => Advice::Retry,
        (false, _) => Advice::GiveUp,
    };
    (!status.is_success()).then(|| Failure::new(advice, status.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use http::header::{DATE, RETRY_AFTER};

    use super::*;

    fn advice(status: u16, retry_after: Option<&str>) -> Option<Advice> {
        let mut response = Response::builder().status(status);
        if let Some(value) = retry_after {
            response = response.header(RETRY_AFTER, value);
        }
        failure(&response.body(()).unwrap()).map(|failure| failure.advice)
    }

    #[test]
    fn only_statuses_that_pass_are_tried_again() {
        let passing: Vec<u16> =
            (100..600).filter(|status| advice(*status, None) == Some(Advice::Retry)).collect();
        assert_eq!(passing, [429, 502, 503, 504]);
        assert_eq!(advice(200, None), None);
        assert_eq!(advice(400, None), Some(Advice::GiveUp));
    }

    #[test]
    fn the_collector_may_say_when() {
        assert_eq!(advice(429, Some("7")), Some(Advice::RetryAfter(Duration::from_secs(7))));
        assert_eq!(advice(503, Some("Fri, 31 Dec 1999 23:59:59 GMT")), Some(Advice::Retry));
        assert_eq!(advice(400, Some("7")), Some(Advice::GiveUp));
        let dates = Response::builder()
            .header(DATE, "Fri, 31 Dec 1999 23:59:50 GMT")
            .header(RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT");
        let failure = failure(&dates.status(503).body(()).unwrap()).unwrap();
        assert_eq!(failure.advice, Advice::RetryAfter(Duration::from_secs(9)));
    }
}
