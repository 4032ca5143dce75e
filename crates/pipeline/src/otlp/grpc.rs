//! OTLP over gRPC.

use std::error::Error;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Uri;
use http::uri::{PathAndQuery, Scheme};
use tonic::client;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use tower_service::Service;

use super::bytes_codec::BytesCodec;
use super::compression::Compression;
use super::failure::{Advice, Failure, whole};
use super::settings::Destination;
use super::signal::Signal;
use crate::quiet::Quiet;
use crate::tls::Connector;

/// A channel to the collector.
#[derive(Debug)]
pub(crate) struct Grpc {
    client: client::Grpc<Channel>,
    path: PathAndQuery,
    metadata: MetadataMap,
}

/// Connects to the collector, whatever it is asked for.
#[derive(Clone, Debug)]
struct Always {
    connector: Connector,
    uri: Uri,
}

impl Grpc {
    pub(crate) fn new(signal: Signal, destination: Destination) -> Self {
        let Destination { endpoint, headers, timeout: _, compression, tls } = destination;
        let connector =
            Always { connector: tls.connector(endpoint.protocol.speaks()), uri: endpoint.uri.clone() };
        // Where another crate turns tonic's own TLS on, it would refuse an address with TLS that it was not set up
        // for. So it hears of one without, and the request names the true one.
        let channel = Endpoint::from(without_tls(endpoint.uri.clone()))
            .origin(endpoint.uri)
            .executor(Quiet)
            .connect_with_connector_lazy(connector);
        let client = client::Grpc::new(channel).accept_compressed(CompressionEncoding::Gzip);
        let client = match compression {
            Compression::None => client,
            Compression::Gzip => client.send_compressed(CompressionEncoding::Gzip),
        };
        Self {
            client,
            path: PathAndQuery::from_static(signal.grpc_path()),
            metadata: MetadataMap::from_headers(headers),
        }
    }

    pub(crate) async fn send(&mut self, request: Bytes) -> Result<Bytes, Failure> {
        self.client.ready().await.map_err(|error| Failure::unreachable(whole(&error)))?;
        let mut request = Request::new(request);
        *request.metadata_mut() = self.metadata.clone();
        let response = self.client.unary(request, self.path.clone(), BytesCodec).await;
        response.map(tonic::Response::into_inner).map_err(|status| failure(&status))
    }
}

impl Service<Uri> for Always {
    type Response = <Connector as Service<Uri>>::Response;
    type Error = <Connector as Service<Uri>>::Error;
    type Future = <Connector as Service<Uri>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        self.connector.call(self.uri.clone())
    }
}

fn without_tls(uri: Uri) -> Uri {
    let mut parts = uri.clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    // Never the other: a scheme for a scheme.
    Uri::from_parts(parts).unwrap_or(uri)
}

fn failure(status: &Status) -> Failure {
    let delay = status.get_details_retry_info().and_then(|info| info.retry_delay);
    let advice = match (status.code(), delay) {
        (Code::ResourceExhausted | Code::Unavailable, Some(delay)) => Advice::RetryAfter(delay),
        (
            Code::Cancelled
            | Code::DeadlineExceeded
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unavailable
            | Code::DataLoss,
            _,
        ) => Advice::Retry,
        // Without a delay, an exhausted resource will not recover.
        _ => Advice::GiveUp,
    };
    let reason = format!("{}: {}", status.code(), status.message());
    // What the collector says is all; where nothing came from it, the connection knows more.
    let cause = status.source().map(|source| format!(": {}", whole(source)));
    Failure::new(advice, reason + &cause.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn only_codes_that_pass_are_tried_again() {
        let codes =
            (0..=16).map(Code::from).filter(|code| failure(&Status::new(*code, "")).advice == Advice::Retry);
        let expected = [
            Code::Cancelled,
            Code::DeadlineExceeded,
            Code::Aborted,
            Code::OutOfRange,
            Code::Unavailable,
            Code::DataLoss,
        ];
        assert_eq!(codes.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_exhausted_resource_is_tried_again_when_it_says_when() {
        let delay = Duration::from_secs(3);
        let details = ErrorDetails::with_retry_info(Some(delay));
        let status = Status::with_error_details(Code::ResourceExhausted, "", details);
        assert_eq!(failure(&status).advice, Advice::RetryAfter(delay));
        assert_eq!(failure(&Status::resource_exhausted("")).advice, Advice::GiveUp);
    }
}
