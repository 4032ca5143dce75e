//! The way to the collector.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use super::endpoint::Protocol;
use super::failure::Failure;
use super::grpc::Grpc;
use super::http::Http;
use super::settings::Destination;
use super::signal::Signal;
use crate::quiet::quietly;

/// A connection that is made when it is needed, and made again when it breaks.
#[derive(Debug)]
pub(crate) struct Transport {
    way: Way,
    timeout: Duration,
}

#[derive(Debug)]
enum Way {
    Grpc(Box<Grpc>),
    Http(Box<Http>),
}

impl Transport {
    /// To be called on the runtime that the connection is to live on.
    pub(crate) fn new(signal: Signal, destination: Destination) -> Self {
        let timeout = destination.timeout;
        let way = match destination.endpoint.protocol {
            Protocol::Grpc => Way::Grpc(Box::new(Grpc::new(signal, destination))),
            Protocol::HttpProtobuf => Way::Http(Box::new(Http::new(destination))),
        };
        Self { way, timeout }
    }

    /// One attempt with an encoded request; the answer, encoded as well.
    pub(crate) async fn send(&mut self, request: Bytes) -> Result<Bytes, Failure> {
        let timeout = self.timeout;
        match &mut self.way {
            Way::Grpc(grpc) => within(timeout, grpc.send(request)).await,
            Way::Http(http) => within(timeout, http.send(request)).await,
        }
    }
}

async fn within<T>(
    timeout: Duration,
    attempt: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let late = || Failure::unreachable(format_args!("no answer within {timeout:?}"));
    tokio::time::timeout(timeout, quietly(attempt)).await.unwrap_or_else(|_| Err(late()))
}
