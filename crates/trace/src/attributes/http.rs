//! Of HTTP exchanges: <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>.

use http::{StatusCode, Version};
use opentelemetry::KeyValue;
use tower_telemetry_core::names::{self, attribute};
use tower_telemetry_core::{Exchange, Outcome, Side};

use crate::arrival::{Later, Sight};
use crate::attributes::{Written, capped};
use crate::extra::Extra;
use crate::redact;

pub(super) fn arrival(exchange: &Exchange, sight: &Sight<'_>, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new(attribute::HTTP_REQUEST_METHOD, exchange.method));
    if exchange.method == names::OTHER {
        attributes
            .push(KeyValue::new(attribute::HTTP_REQUEST_METHOD_ORIGINAL, capped(sight.method.as_str())));
    }
    if exchange.resend > 0 {
        attributes.push(KeyValue::new(attribute::HTTP_REQUEST_RESEND_COUNT, i64::from(exchange.resend)));
    }
    match exchange.side {
        Side::Client => {
            let url = redact::url(sight.uri, exchange.scheme, exchange.server);
            attributes.push(KeyValue::new(attribute::URL_FULL, capped(&url)));
        }
        Side::Server => {
            attributes.push(KeyValue::new(attribute::URL_PATH, capped(sight.uri.path())));
            if let Some(query) = sight.uri.query() {
                attributes.push(KeyValue::new(attribute::URL_QUERY, capped(&redact::query(query))));
            }
        }
    }
    if exchange.side == Side::Server || sight.style.wants(Extra::UrlScheme) {
        attributes.push(KeyValue::new(attribute::URL_SCHEME, exchange.scheme.as_str()));
    }
    // Kept only where it is wanted.
    if let Some(agent) = sight.user_agent {
        let agent = String::from_utf8_lossy(agent.as_bytes());
        attributes.push(KeyValue::new(attribute::USER_AGENT_ORIGINAL, capped(&agent)));
    }
}

/// The route may be learnt at any time until the end.
pub(super) fn route(exchange: &Exchange, attributes: &mut Vec<KeyValue>) {
    if let Some(template) = exchange.route().as_str() {
        let key = match exchange.side {
            Side::Server => attribute::HTTP_ROUTE,
            Side::Client => attribute::URL_TEMPLATE,
        };
        attributes.push(KeyValue::new(key, template));
    }
}

pub(super) fn status(status: StatusCode, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new(attribute::HTTP_RESPONSE_STATUS_CODE, i64::from(status.as_u16())));
}

pub(super) fn version(version: Option<Version>, attributes: &mut Vec<KeyValue>) {
    if let Some(version) = version.and_then(names::protocol_version) {
        attributes.push(KeyValue::new(attribute::NETWORK_PROTOCOL_VERSION, version));
    }
}

pub(super) fn outcome(
    exchange: &Exchange,
    outcome: &Outcome,
    later: &Later,
    written: Written,
    attributes: &mut Vec<KeyValue>,
) {
    if let Some(code) = outcome.status {
        status(code, attributes);
    }
    if !written.version {
        version(outcome.version, attributes);
    }
    if later.style.wants(Extra::BodySizes) {
        let size = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let asked = exchange.request_size;
        attributes.extend(asked.map(|bytes| KeyValue::new(attribute::REQUEST_BODY_SIZE, size(bytes))));
        let answered = outcome.status.map(|_| outcome.sent);
        attributes.extend(answered.map(|bytes| KeyValue::new(attribute::RESPONSE_BODY_SIZE, size(bytes))));
    }
}
