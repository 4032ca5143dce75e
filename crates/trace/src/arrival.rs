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

/// What a span may want of a request head, where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) host: Option<&'a HeaderValue>,
    pub(crate) forwarded: Option<&'a HeaderValue>,
    pub(crate) forwarded_for: Option<&'a HeaderValue>,
    pub(crate) forwarded_host: Option<&'a HeaderValue>,
    pub(crate) user_agent: Option<&'a HeaderValue>,
    /// The peer of a server; a client's is known with the answer.
    pub(crate) peer: Option<PeerAddr>,
    pub(crate) style: &'a Style,
}

/// Cheap clones of what the request head says, and later of the answer, without an attribute built: what a late span
/// is made of.
#[derive(Debug)]
pub(crate) struct Arrival {
    method: Method,
    uri: Uri,
    host: Option<HeaderValue>,
    forwarded: Option<HeaderValue>,
    forwarded_for: Option<HeaderValue>,
    forwarded_host: Option<HeaderValue>,
    user_agent: Option<HeaderValue>,
    peer: Option<PeerAddr>,
    pub(crate) captured: Captured,
    pub(crate) later: Later,
}

/// What a span may want of an exchange after its request head: an answer, and trailers.
#[derive(Debug)]
pub(crate) struct Later {
    pub(crate) style: Style,
    answer: OnceLock<Box<Answer>>,
    trailers: OnceLock<Captured>,
}

impl<'a> Sight<'a> {
    /// Of a request; no header is told that no attribute of its side and protocol comes from.
    pub(crate) fn of(side: Side, protocol: Protocol, head: &'a request::Parts, style: &'a Style) -> Self {
        let (is_server, is_http) = (side == Side::Server, !protocol.is_grpc());
        let is_http_server = is_server && is_http;
        let names = [&HOST, &FORWARDED, &X_FORWARDED_FOR, &X_FORWARDED_HOST, &USER_AGENT];
        let [host, forwarded, forwarded_for, forwarded_host, user_agent] = pick(&head.headers, names);
        Self {
            method: &head.method,
            uri: &head.uri,
            host: host.filter(|_| is_server && head.uri.authority().is_none()),
            forwarded: forwarded.filter(|_| is_http_server),
            forwarded_for: forwarded_for.filter(|_| is_http_server),
            forwarded_host: forwarded_host.filter(|_| is_http_server),
            user_agent: user_agent.filter(|_| is_http && (is_server || style.wants(Extra::UserAgent))),
            peer: if is_server { style.peer(&head.extensions) } else { None },
            style,
        }
    }
}

impl Arrival {
    /// Of a request.
    pub(crate) fn of(exchange: &Exchange, head: &request::Parts, style: &Style) -> Self {
        let sight = Sight::of(exchange.side, exchange.protocol, head, style);
        Self {
            method: sight.method.clone(),
            uri: sight.uri.clone(),
            host: sight.host.cloned(),
            forwarded: sight.forwarded.cloned(),
            forwarded_for: sight.forwarded_for.cloned(),
            forwarded_host: sight.forwarded_host.cloned(),
            user_agent: sight.user_agent.cloned(),
            peer: sight.peer,
            captured: Captured::of_request(exchange.protocol, style.capture(), &head.headers),
            later: Later::new(style.clone()),
        }
    }

    /// What the head said.
    pub(crate) fn sight(&self) -> Sight<'_> {
        Sight {
            method: &self.method,
            uri: &self.uri,
            host: self.host.as_ref(),
            forwarded: self.forwarded.as_ref(),
            forwarded_for: self.forwarded_for.as_ref(),
            forwarded_host: self.forwarded_host.as_ref(),
            user_agent: self.user_agent.as_ref(),
            peer: self.peer,
            style: &self.later.style,
        }
    }
}

impl Later {
    pub(crate) const fn new(style: Style) -> Self {
        Self { style, answer: OnceLock::new(), trailers: OnceLock::new() }
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
