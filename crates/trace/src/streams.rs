//! When the span of a long stream ends.

use http::header::CONTENT_TYPE;
use http::response;
use tower_telemetry_core::Exchange;
use tower_telemetry_core::observe::is_event_stream;

/// When the spans of long streams end. Metrics and access lines tell the true end in either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StreamSpans {
    /// With the stream, as the conventions say: a backend sees nothing of it before, and nothing at all if the
    /// process ends first.
    #[default]
    Whole,
    /// At the head of the response, with the attribute `tower_telemetry.span.until` = `head`.
    ///
    /// Such a span tells neither how the stream ended nor a gRPC status, for it does not know them. Streams are
    /// server-sent events by themselves (`text/event-stream`), and what answers at one of these routes: templates
    /// (`/export`) and gRPC methods (`chat.v1.Chat/Watch`) that are known at the head. Only a success is a stream.
    Head {
        /// The routes that stream.
        routes: &'static [&'static str],
    },
}

impl StreamSpans {
    /// Whether the span of this exchange ends at this head.
    pub(crate) fn end_at(self, exchange: &Exchange, head: &response::Parts) -> bool {
        let Self::Head { routes } = self else { return false };
        let is_listed = || exchange.route().as_str().is_some_and(|route| routes.contains(&route));
        let is_event_stream = || head.headers.get(CONTENT_TYPE).is_some_and(is_event_stream);
        head.status.is_success() && (is_event_stream() || is_listed())
    }
}
