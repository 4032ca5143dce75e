//! The head of an answer.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::header::SERVER_TIMING;

/// The head of an answer, and how long it took to come.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// From the sending of the request to the head, as the caller saw it: the network included.
    pub took: Duration,
}

impl Answer {
    /// All values of a header.
    pub(crate) fn all(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        self.headers.get_all(name).iter().collect()
    }

    /// What `server-timing` says of this metric.
    fn timing<'a>(&'a self, begin: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.headers.get_all(SERVER_TIMING).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).filter_map(move |metric| metric.trim().strip_prefix(begin))
    }

    /// The time to the head that `server-timing` tells, as text.
    pub(crate) fn head_timing(&self) -> Option<&str> {
        self.timing("head;dur=").next()
    }

    /// The ids that `server-timing` tells, as text.
    pub(crate) fn trace_timing(&self) -> Option<&str> {
        self.timing("trace;desc=").next()
    }

    /// The ids that `server-timing` tells, if they can be read.
    pub(crate) fn trace(&self) -> Option<TraceIds> {
        TraceIds::parse(self.trace_timing()?.as_bytes()).ok()
    }
}
