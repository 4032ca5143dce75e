//! What a span may want of the heads of an exchange, kept until it is known whether there is a span.

use std::sync::OnceLock;
use std::time::Duration;

use http::header::{HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, request, response};
use tower_telemetry_core::names::header;
use tower_telemetry_core::{Exchange, Outcome, PeerAddr, Protocol, Side, pick};

use crate::answer::Answer;
use crate::capture::{Captured, Of};
use crate::extra::Extra;
use crate::style::Style;

/// Made once: a look-up borrows its names.
static FORWARDED: HeaderName = header::FORWARDED;
static X_FORWARDED_FOR: HeaderName = header::X_FORWARDED_FOR;
static X_FORWARDED_HOST: HeaderName = header::X_FORWARDED_HOST;

/// Cheap clones of what the request head says, and later of the answer, without an attribute built: a late span is
/// made of them as well as one that is recorded from the start.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) host: Option<HeaderValue>,
    pub(crate) forwarded: Option<HeaderValue>,
    pub(crate) forwarded_for: Option<HeaderValue>,
    pub(crate) forwarded_host: Option<HeaderValue>,
    pub(crate) user_agent: Option<HeaderValue>,
    /// The peer of a server; a client's is known with the answer.
    pub(crate) peer: Option<PeerAddr>,
    pub(crate) captured: Captured,
    pub(crate) style: Style,
    answer: OnceLock<Box<Answer>>,
    trailers: OnceLock<Captured>,
}

impl Arrival {
    /// Of a request; no header is kept that no attribute of its side and protocol comes from.
    pub(crate) fn of(exchange: &Exchange, head: &request::Parts, style: &Style) -> Self {
        Self::read(exchange.side, exchange.protocol, head, style)
    }

    pub(crate) fn read(side: Side, protocol: Protocol, head: &request::Parts, style: &Style) -> Self {
        let (is_server, is_http) = (side == Side::Server, !protocol.is_grpc());
        let is_http_server = is_server && is_http;
        let names = [&HOST, &FORWARDED, &X_FORWARDED_FOR, &X_FORWARDED_HOST, &USER_AGENT];
        let [host, forwarded, forwarded_for, forwarded_host, user_agent] = pick(&head.headers, names);
        let take = |found: Option<&HeaderValue>, is_wanted| found.filter(|_| is_wanted).cloned();
        let mut captured = Captured::default();
        if let Some(capture) = style.capture() {
            captured.find(Of::Request, protocol, capture, &head.headers);
        }
        Self {
            method: head.method.clone(),
            uri: head.uri.clone(),
            host: take(host, is_server && head.uri.authority().is_none()),
            forwarded: take(forwarded, is_http_server),
            forwarded_for: take(forwarded_for, is_http_server),
            forwarded_host: take(forwarded_host, is_http_server),
            user_agent: take(user_agent, is_http && (is_server || style.wants(Extra::UserAgent))),
            peer: if is_server { style.peer(&head.extensions) } else { None },
            captured,
            style: style.clone(),
            answer: OnceLock::new(),
            trailers: OnceLock::new(),
        }
    }

    /// Notes what a span may want of the response head.
    pub(crate) fn respond(&self, exchange: &Exchange, head: &response::Parts) {
        if let Some(answer) = Answer::of(exchange, head, &self.style) {
            let _ = self.answer.set(Box::new(answer));
        }
    }

    /// Notes what a span may want of the trailers.
    pub(crate) fn trail(&self, exchange: &Exchange, trailers: &HeaderMap) {
        let Some(capture) = self.style.capture().filter(|_| exchange.protocol.is_grpc()) else { return };
        let mut captured = Captured::default();
        captured.find(Of::Trailers, exchange.protocol, capture, trailers);
        if !captured.is_empty() {
            let _ = self.trailers.set(captured);
        }
    }

    /// What was noted of the answer, if there was anything to note.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.answer.get().map(|answer| &**answer)
    }

    /// What was captured of the trailers.
    pub(crate) fn trailers(&self) -> Option<&Captured> {
        self.trailers.get()
    }

    /// Whether the span ends at the head of the response that was told.
    pub(crate) fn ends_at_head(&self) -> bool {
        self.answer().is_some_and(|answer| answer.ends_span)
    }

    /// How long the span takes: as the metric and the log line say, but for a stream whose span ends at its head.
    pub(crate) fn span_length(&self, outcome: &Outcome) -> Duration {
        outcome.head.filter(|_| self.ends_at_head()).unwrap_or(outcome.total)
    }
}
