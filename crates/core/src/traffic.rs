//! What has passed in the bodies of an exchange so far, beside the bytes of its response.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::exchange::Exchange;

/// Counts that are written by whoever holds the body and read by all windows.
///
/// Each has one writer, and a reader wants a recent value, not one that agrees with another: all is relaxed.
#[derive(Debug)]
pub(crate) struct Traffic {
    request_bytes: AtomicU64,
    request_messages: AtomicU64,
    response_messages: AtomicU64,
    is_counted: AtomicBool,
    is_stream: AtomicBool,
}

/// Messages that are not known.
const UNKNOWN: u64 = u64::MAX;

impl Exchange {
    /// Bytes of request body: those that passed so far if a [`RequestBodyLayer`](crate::RequestBodyLayer) counts
    /// them, else what `content-length` announced, if it did.
    #[must_use]
    pub fn request_bytes(&self) -> Option<u64> {
        let counted = self.traffic.is_counted.load(Relaxed).then(|| self.traffic.request_bytes.load(Relaxed));
        counted.or(self.request_size)
    }

    /// gRPC messages of the request that passed so far, where a [`RequestBodyLayer`](crate::RequestBodyLayer)
    /// counts them.
    #[must_use]
    pub fn request_messages(&self) -> Option<u64> {
        let is_counted = self.protocol.is_grpc() && self.traffic.is_counted.load(Relaxed);
        is_counted.then(|| self.traffic.request_messages.load(Relaxed)).filter(|count| *count != UNKNOWN)
    }

    /// gRPC messages of the response that passed so far.
    ///
    /// `None` for HTTP, and for a body that cannot be read: one that is no gRPC, or comes in very many pieces.
    #[must_use]
    pub fn response_messages(&self) -> Option<u64> {
        let messages = self.protocol.is_grpc().then(|| self.traffic.response_messages.load(Relaxed))?;
        (messages != UNKNOWN).then_some(messages)
    }

    /// Whether this is known to be a stream by now: the response is `text/event-stream`, or more than one gRPC message
    /// passed in one direction.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        self.traffic.is_stream.load(Relaxed)
    }

    /// Claims the counting of the request body: the first to ask counts, others would count twice.
    pub(crate) fn claims_request_body(&self) -> bool {
        !self.traffic.is_counted.swap(true, Relaxed)
    }

    pub(crate) fn tell_request_body(&self, bytes: u64, messages: Option<u64>) {
        self.traffic.request_bytes.store(bytes, Relaxed);
        self.traffic.request_messages.store(messages.unwrap_or(UNKNOWN), Relaxed);
        self.tell_stream(messages.is_some_and(|messages| messages > 1));
    }

    pub(crate) fn tell_response_messages(&self, messages: Option<u64>) {
        self.traffic.response_messages.store(messages.unwrap_or(UNKNOWN), Relaxed);
        self.tell_stream(messages.is_some_and(|messages| messages > 1));
    }

    pub(crate) fn tell_stream(&self, is_stream: bool) {
        if is_stream {
            self.traffic.is_stream.store(true, Relaxed);
        }
    }
}

impl Traffic {
    pub(crate) const fn new() -> Self {
        Self {
            request_bytes: AtomicU64::new(0),
            request_messages: AtomicU64::new(0),
            response_messages: AtomicU64::new(0),
            is_counted: AtomicBool::new(false),
            is_stream: AtomicBool::new(false),
        }
    }
}
