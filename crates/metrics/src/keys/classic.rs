//! Labels of older dashboards.

use tower_telemetry_core::names::attribute;
use tower_telemetry_core::{Exchange, Outcome, names};

use crate::instruments::{Closed, Mixer, same, same_or_none};
use crate::store::{LabelValue, Labels};

/// What stands for a route where nothing matched: older dashboards want a value.
const UNMATCHED: &str = "_UNMATCHED";

/// Labels of `http_requests_total` and `http_request_duration_seconds`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ClassicHttp {
    method: &'static str,
    endpoint: &'static str,
    status: Option<u16>,
}

/// Labels of `grpc_server_handled_total` and its kind; those that have not ended tell no code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ClassicGrpc {
    service: &'static str,
    method: &'static str,
    code: Option<&'static str>,
}

impl ClassicHttp {
    pub(crate) fn of(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self {
            method: exchange.method,
            endpoint: exchange.route().as_str().unwrap_or(UNMATCHED),
            status: outcome.status.map(|status| status.as_u16()),
        }
    }
}

impl Labels for ClassicHttp {
    const NAMES: &'static [&'static str] =
        &[attribute::CLASSIC_METHOD, attribute::CLASSIC_ENDPOINT, attribute::CLASSIC_STATUS_CODE];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.method.into()),
            1 => Some(self.endpoint.into()),
            _ => self.status.map(LabelValue::from),
        }
    }
}

impl ClassicGrpc {
    pub(crate) fn started(exchange: &Exchange) -> Self {
        let route = exchange.route().as_str().unwrap_or(names::OTHER);
        let (service, method) = route.split_once('/').unwrap_or((route, route));
        Self { service, method, code: None }
    }

    pub(crate) fn handled(exchange: &Exchange, outcome: &Outcome) -> Self {
        Self { code: outcome.grpc.map(|code| code.as_str()), ..Self::started(exchange) }
    }
}

impl Labels for ClassicGrpc {
    const NAMES: &'static [&'static str] =
        &[attribute::CLASSIC_GRPC_SERVICE, attribute::CLASSIC_GRPC_METHOD, attribute::CLASSIC_GRPC_CODE];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.service.into()),
            1 => Some(self.method.into()),
            _ => self.code.map(LabelValue::from),
        }
    }
}

// === impl Closed ===

impl Closed for ClassicHttp {
    #[inline]
    fn mix(&self, mixer: Mixer) -> Mixer {
        mixer.number(u64::from(self.status.unwrap_or(0))).text(self.method).text(self.endpoint)
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        self.status == other.status && same(self.method, other.method) && same(self.endpoint, other.endpoint)
    }
}

impl Closed for ClassicGrpc {
    #[inline]
    fn mix(&self, mixer: Mixer) -> Mixer {
        mixer.text(self.service).text(self.method).some(self.code)
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        same(self.service, other.service)
            && same(self.method, other.method)
            && same_or_none(self.code, other.code)
    }
}
