//! One row of the table: what is asked, how it is answered, what the caller does, and what is to be told of it.

use std::io;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use tower_telemetry_core::{Code, Ending, Side, Verdict};
use tower_telemetry_testing::{Record, Reply, ScriptedBody};

pub(crate) type Body = ScriptedBody<io::Error>;
pub(crate) type Answer = Reply<Body, io::Error>;

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) ask: Ask,
    pub(crate) reply: Answer,
    pub(crate) caller: Caller,
    pub(crate) told: Told,
}

#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: Method,
    content_type: Option<&'static str>,
}

/// What the caller, or the transport, does with the future and the body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller {
    /// Drops the future after one poll.
    LeavesBeforeTheHead,
    /// Drops the future without a poll.
    LeavesAtOnce,
    /// Takes the head, and drops the body unread.
    TakesTheHead,
    /// Polls the body this many times, then drops it.
    Polls(usize),
    /// Polls the body to its end, its error, its stall or its panic; then drops it.
    ReadsAll,
    /// Does that, and polls once more than it should; then drops it.
    ReadsOn,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Told {
    ending: Ending,
    status: Option<u16>,
    grpc: Option<Code>,
    sent: u64,
    server: (Verdict, Option<&'static str>),
    client: (Verdict, Option<&'static str>),
}

// === impl Row ===

pub(crate) fn row(name: &'static str, ask: Ask, reply: Answer, caller: Caller, told: Told) -> Row {
    Row { name, ask, reply, caller, told }
}

// === impl Ask ===

pub(crate) fn get() -> Ask {
    ask(Method::GET)
}

pub(crate) fn ask(method: Method) -> Ask {
    Ask { method, content_type: None }
}

pub(crate) fn post(content_type: &'static str) -> Ask {
    Ask { method: Method::POST, content_type: Some(content_type) }
}

impl Ask {
    pub(crate) fn request(&self) -> Request<()> {
        let mut request = Request::new(());
        *request.method_mut() = self.method.clone();
        if let Some(content_type) = self.content_type {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        request
    }
}

// === answers ===

pub(crate) fn body() -> Body {
    Body::default()
}

pub(crate) fn respond(status: u16, body: Body) -> Answer {
    respond_with(status, &[], body)
}

pub(crate) fn respond_with(status: u16, fields: &[(&'static str, &'static str)], body: Body) -> Answer {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    *response.headers_mut() = fields_of(fields);
    Reply::response(response)
}

pub(crate) fn fields_of(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    fields
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

pub(crate) fn reset() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

// === impl Told ===

/// Told on both sides as this ending of an exchange with this status, judged OK until another verdict is given.
pub(crate) fn told(ending: Ending, status: impl Into<Option<u16>>) -> Told {
    let ok = (Verdict::Ok, None);
    Told { ending, status: status.into(), grpc: None, sent: 0, server: ok, client: ok }
}

impl Told {
    pub(crate) fn sent(self, sent: u64) -> Self {
        Self { sent, ..self }
    }

    pub(crate) fn grpc(self, code: Code) -> Self {
        Self { grpc: Some(code), ..self }
    }

    pub(crate) fn judged(self, verdict: Verdict, error_type: Option<&'static str>) -> Self {
        self.server(verdict, error_type).client(verdict, error_type)
    }

    pub(crate) fn server(self, verdict: Verdict, error_type: Option<&'static str>) -> Self {
        Self { server: (verdict, error_type), ..self }
    }

    pub(crate) fn client(self, verdict: Verdict, error_type: Option<&'static str>) -> Self {
        Self { client: (verdict, error_type), ..self }
    }

    pub(crate) fn has_status(&self) -> bool {
        self.status.is_some()
    }

    /// What was told instead, if it was not this.
    pub(crate) fn differs_from(&self, record: &Record, side: Side) -> Option<String> {
        let outcome = record.outcome;
        let judged = match side {
            Side::Server => self.server,
            Side::Client => self.client,
        };
        let seen = (outcome.ending, outcome.status.map(|status| status.as_u16()), outcome.grpc, outcome.sent);
        let is_told = seen == (self.ending, self.status, self.grpc, self.sent)
            && (outcome.verdict, outcome.error_type) == judged
            && record.side == side
            && record.bytes == self.sent
            && record.responses == u32::from(self.status.is_some())
            && outcome.head.is_some() == self.status.is_some()
            && outcome.head.unwrap_or(Duration::ZERO) <= outcome.total;
        (!is_told).then(|| format!("expected {self:?}, told {record:?}"))
    }
}
