//! Labels by the semantic conventions.

use tower_telemetry_core::names::attribute;
use tower_telemetry_core::{Authority, Exchange, Outcome, Scheme, Side, names};

use crate::instruments::{Closed, Lean, Mixer, same, same_or_none};
use crate::store::{LabelValue, Labels};

/// Labels of `http.server.request.duration`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HttpServer {
    method: &'static str,
    scheme: Scheme,
    route: Option<&'static str>,
    status: Option<u16>,
    error_type: Option<&'static str>,
    version: Option<&'static str>,
}

/// Labels of `http.client.request.duration`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HttpClient {
    method: &'static str,
    server: Option<Authority>,
    template: Option<&'static str>,
    status: Option<u16>,
    error_type: Option<&'static str>,
    version: Option<&'static str>,
}

/// Labels of `rpc.server.call.duration`, and of the client's, where `server` stands as well.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Rpc {
    method: Option<&'static str>,
    status: Option<&'static str>,
    error_type: Option<&'static str>,
    server: Option<Authority>,
}

/// Labels of the gauges of what is in flight: fixed at the start, so that up and down agree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ActiveServer {
    method: &'static str,
    scheme: Scheme,
}

/// Labels of the client's gauge.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ActiveClient {
    method: &'static str,
    server: Option<Authority>,
}

/// Labels of `tower_telemetry.exchanges.started`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Started {
    side: &'static str,
    protocol: &'static str,
}

/// Labels of `tower_telemetry.exchanges.ended`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Ended {
    started: Started,
    ending: &'static str,
    verdict: &'static str,
}

impl HttpServer {
    pub(crate) fn of(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self {
            method: exchange.method,
            scheme: exchange.scheme,
            route: exchange.route().as_str(),
            status: outcome.status.map(|status| status.as_u16()),
            error_type: outcome.error_type,
            version: outcome.version.and_then(names::protocol_version),
        }
    }
}

impl Lean for HttpServer {
    fn lean(self) -> Self {
        Self { status: None, ..self }
    }
}

impl Labels for HttpServer {
    const NAMES: &'static [&'static str] = &[
        attribute::HTTP_REQUEST_METHOD,
        attribute::URL_SCHEME,
        attribute::HTTP_ROUTE,
        attribute::HTTP_RESPONSE_STATUS_CODE,
        attribute::ERROR_TYPE,
        attribute::NETWORK_PROTOCOL_VERSION,
    ];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.method.into()),
            1 => Some(self.scheme.as_str().into()),
            2 => self.route.map(LabelValue::from),
            3 => self.status.map(LabelValue::from),
            4 => self.error_type.map(LabelValue::from),
            _ => self.version.map(LabelValue::from),
        }
    }
}

impl HttpClient {
    pub(crate) fn of(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self {
            method: exchange.method,
            server: exchange.server,
            template: exchange.route().as_str(),
            status: outcome.status.map(|status| status.as_u16()),
            error_type: outcome.error_type,
            version: outcome.version.and_then(names::protocol_version),
        }
    }
}

impl Lean for HttpClient {
    fn lean(self) -> Self {
        Self { status: None, ..self }
    }
}

impl Labels for HttpClient {
    const NAMES: &'static [&'static str] = &[
        attribute::HTTP_REQUEST_METHOD,
        attribute::SERVER_ADDRESS,
        attribute::SERVER_PORT,
        attribute::URL_TEMPLATE,
        attribute::HTTP_RESPONSE_STATUS_CODE,
        attribute::ERROR_TYPE,
        attribute::NETWORK_PROTOCOL_VERSION,
    ];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.method.into()),
            1 => address(self.server),
            2 => port(self.server),
            3 => self.template.map(LabelValue::from),
            4 => self.status.map(LabelValue::from),
            5 => self.error_type.map(LabelValue::from),
            _ => self.version.map(LabelValue::from),
        }
    }
}

impl Rpc {
    pub(crate) fn of(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self {
            method: exchange.route().as_str(),
            status: outcome.grpc.map(|code| code.as_str()),
            error_type: outcome.error_type,
            server: exchange.server,
        }
    }
}

impl Lean for Rpc {
    fn lean(self) -> Self {
        Self { status: None, ..self }
    }
}

impl Labels for Rpc {
    const NAMES: &'static [&'static str] = &[
        attribute::RPC_SYSTEM_NAME,
        attribute::RPC_METHOD,
        attribute::RPC_STATUS_CODE,
        attribute::ERROR_TYPE,
        attribute::SERVER_ADDRESS,
        attribute::SERVER_PORT,
    ];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some("grpc".into()),
            1 => self.method.map(LabelValue::from),
            2 => self.status.map(LabelValue::from),
            3 => self.error_type.map(LabelValue::from),
            4 => address(self.server),
            _ => port(self.server),
        }
    }
}

impl ActiveServer {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        Self { method: exchange.method, scheme: exchange.scheme }
    }
}

impl Labels for ActiveServer {
    const NAMES: &'static [&'static str] = &[attribute::HTTP_REQUEST_METHOD, attribute::URL_SCHEME];

    fn value(&self, index: usize) -> Option<LabelValue> {
        Some(match index {
            0 => self.method.into(),
            _ => self.scheme.as_str().into(),
        })
    }
}

impl ActiveClient {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        Self { method: exchange.method, server: exchange.server }
    }
}

impl Labels for ActiveClient {
    const NAMES: &'static [&'static str] =
        &[attribute::HTTP_REQUEST_METHOD, attribute::SERVER_ADDRESS, attribute::SERVER_PORT];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.method.into()),
            1 => address(self.server),
            _ => port(self.server),
        }
    }
}

impl Started {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        Self { side: exchange.side.as_str(), protocol: exchange.protocol.as_str() }
    }
}

impl Labels for Started {
    const NAMES: &'static [&'static str] = &[attribute::SIDE, attribute::PROTOCOL];

    fn value(&self, index: usize) -> Option<LabelValue> {
        Some(match index {
            0 => self.side.into(),
            _ => self.protocol.into(),
        })
    }
}

impl Ended {
    pub(crate) fn of(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self {
            started: Started::of(exchange),
            ending: outcome.ending.as_str(),
            verdict: outcome.verdict.as_str(),
        }
    }
}

impl Labels for Ended {
    const NAMES: &'static [&'static str] =
        &[attribute::SIDE, attribute::PROTOCOL, attribute::ENDING, attribute::VERDICT];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 | 1 => self.started.value(index),
            2 => Some(self.ending.into()),
            _ => Some(self.verdict.into()),
        }
    }
}

/// Labels of `tower_telemetry.head.duration`, and of what may last for hours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Routed {
    started: Started,
    route: Option<&'static str>,
}

/// Labels of the counters of messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Method {
    side: &'static str,
    method: Option<&'static str>,
}

/// Labels of `tower_telemetry.capacity`: of a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Capacity;

impl Routed {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        Self { started: Started::of(exchange), route: exchange.route().as_str() }
    }
}

impl Labels for Routed {
    const NAMES: &'static [&'static str] = &[attribute::SIDE, attribute::PROTOCOL, attribute::ROUTE];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 | 1 => self.started.value(index),
            _ => self.route.map(LabelValue::from),
        }
    }
}

impl Method {
    pub(crate) fn of(exchange: &Exchange) -> Self {
        Self { side: exchange.side.as_str(), method: exchange.route().as_str() }
    }
}

impl Labels for Method {
    const NAMES: &'static [&'static str] = &[attribute::SIDE, attribute::RPC_METHOD];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.side.into()),
            _ => self.method.map(LabelValue::from),
        }
    }
}

impl Labels for Capacity {
    const NAMES: &'static [&'static str] = &[attribute::SIDE];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(Side::Server.as_str().into())
    }
}

// === impl Closed ===

impl Closed for Method {
    #[inline]
    fn mix(&self, mixer: Mixer) -> Mixer {
        mixer.text(self.side).some(self.method)
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        same(self.side, other.side) && same_or_none(self.method, other.method)
    }
}

fn address(server: Option<Authority>) -> Option<LabelValue> {
    server.map(|server| server.host.into())
}

fn port(server: Option<Authority>) -> Option<LabelValue> {
    server.and_then(|server| server.port).map(LabelValue::from)
}
