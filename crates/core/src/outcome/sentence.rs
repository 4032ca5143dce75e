//! What every window writes down.

use std::time::Duration;

use http::{StatusCode, Version};

use crate::grpc::Code;
use crate::outcome::ending::Ending;
use crate::outcome::verdict::Verdict;

/// The sentence that every window writes down: what is known at the end of an exchange.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// Whose matter that was.
    pub verdict: Verdict,
    /// The HTTP status; `None` when no response head was ever made.
    pub status: Option<StatusCode>,
    /// The HTTP version on the wire: the request's on a server, the response's on a client, whose request need not
    /// know it; `None` for a client that saw no response head.
    pub version: Option<Version>,
    /// The gRPC status of a gRPC exchange; a call that ended without one is `Unknown`, never OK.
    pub grpc: Option<Code>,
    /// `error.type` of the conventions, the same on span, metric and log; `None` on success.
    pub error_type: Option<&'static str>,
    /// From arrival to the response head.
    pub head: Option<Duration>,
    /// From arrival to the end.
    pub total: Duration,
    /// Bytes of response body seen, trailers not counted.
    pub sent: u64,
    /// Bytes of request body: counted where a [`RequestBodyLayer`](crate::RequestBodyLayer) does, else as announced.
    pub request_bytes: Option<u64>,
    /// gRPC messages of the request, where a [`RequestBodyLayer`](crate::RequestBodyLayer) counts them.
    pub request_messages: Option<u64>,
    /// gRPC messages of the response; `None` for HTTP, and where they could not be counted.
    pub response_messages: Option<u64>,
}

impl Outcome {
    /// Whether another wrapper of the same exchange saw the same thing happen; durations do not count.
    pub(crate) fn tells_the_same(&self, other: &Self) -> bool {
        (self.ending, self.status, self.grpc) == (other.ending, other.status, other.grpc)
    }
}
